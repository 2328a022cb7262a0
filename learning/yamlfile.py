"""YAML read strictly: scalars are strings, and whatever is odd is refused with file and line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

# libyaml's where there is one: ten times faster.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Refused(Exception):
    """A file that we do not take, and where and why."""

    def __init__(self, place: Place, why: str) -> None:
        self.place = place
        self.why = why
        super().__init__(f"{place}: {why}")


@dataclass(frozen=True)
class Place:
    """A line of a file."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Node:
    """A value with its place; the methods give it as what it should be, or refuse."""

    place: Place
    value: str | list[Node] | dict[str, Node]

    def text(self, most: int | None = None) -> str:
        """A string of at most so many characters, runs of blanks and line ends made one space."""
        return self._short(" ".join(self._string().split()), most)

    def paragraphs(self, most: int | None = None) -> str:
        """A string in which empty lines part the paragraphs."""
        parts = self._string().split("\n\n")
        whole = "\n\n".join(" ".join(part.split()) for part in parts if part.strip())
        return self._short(whole, most)

    def one_of(self, choices: Iterable[str]) -> str:
        found, known = self.text(), sorted(choices)
        if found not in known:
            raise Refused(self.place, f"{found!r} is none of {', '.join(known)}")
        return found

    def number(self, least: int = 0, most: int | None = None) -> int:
        found = self.text()
        if not found.isdecimal():
            raise Refused(self.place, f"{found!r} is not a number")
        if int(found) < least or (most is not None and int(found) > most):
            raise Refused(self.place, f"{found} is not from {least} to {most}")
        return int(found)

    def flag(self) -> bool:
        return self.one_of(("true", "false")) == "true"

    def items(self, least: int = 0, most: int | None = None) -> list[Node]:
        if not isinstance(self.value, list):
            raise Refused(self.place, "expected a list")
        if len(self.value) < least or (most is not None and len(self.value) > most):
            wanted = f"{least} or more" if most is None else f"{least} to {most}"
            raise Refused(self.place, f"{len(self.value)} of them, expected {wanted}")
        return self.value

    def mapping(self) -> dict[str, Node]:
        if not isinstance(self.value, dict):
            raise Refused(self.place, "expected keys and values")
        return self.value

    def fields(self, required: Iterable[str], optional: Iterable[str] = ()) -> dict[str, Node]:
        """A mapping with all the required keys and no unknown one."""
        found, needed = self.mapping(), list(required)
        known = {*needed, *optional}
        for key, node in found.items():
            if key not in known:
                raise Refused(node.place, f"unknown key {key!r}; known: {', '.join(sorted(known))}")
        for key in needed:
            if key not in found:
                raise Refused(self.place, f"{key!r} is missing")
        return found

    def _string(self) -> str:
        if not isinstance(self.value, str) or not self.value.strip():
            raise Refused(self.place, "expected some text")
        return self.value

    def _short(self, found: str, most: int | None) -> str:
        if most is not None and len(found) > most:
            raise Refused(self.place, f"{len(found)} characters, at most {most}")
        return found


def read(path: Path, name: str = "") -> Node:
    """The whole file, called `name` where something is refused: what is not YAML, a key twice."""
    name = name or path.name
    try:
        root = yaml.compose(path.read_text("utf-8"), Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Refused(Place(name, line), error.problem or "not YAML") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Refused(Place(name, 1), str(error)) from error
    if root is None:
        raise Refused(Place(name, 1), "the file is empty")
    return _node(name, root)


def _node(file: str, raw: yaml.Node) -> Node:
    place = Place(file, raw.start_mark.line + 1)
    if isinstance(raw, yaml.SequenceNode):
        return Node(place, [_node(file, item) for item in raw.value])
    if not isinstance(raw, yaml.MappingNode):
        return Node(place, str(raw.value))
    found: dict[str, Node] = {}
    for key, value in raw.value:
        name = str(key.value)
        if name in found:
            raise Refused(Place(file, key.start_mark.line + 1), f"{name!r} comes twice")
        found[name] = _node(file, value)
    return Node(place, found)


def node(place: Place, value: str | Sequence[Any] | Mapping[str, Any]) -> Node:
    """Plain data as if it had been read at a place."""
    if isinstance(value, str):
        return Node(place, value)
    if isinstance(value, Mapping):
        return Node(place, {key: node(place, each) for key, each in value.items()})
    return Node(place, [node(place, each) for each in value])
