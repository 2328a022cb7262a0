"""YAML read strictly: scalars are strings, and whatever is odd is refused with file and line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

# libyaml's where there is one: ten times faster.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Refused(Exception):
    """A file that we do not take, and where and why."""

    def __init__(self, place: Place, why: str) -> None:
        self.place = place
        super().__init__(f"{place}: {why}")


@dataclass(frozen=True)
class Place:
    """A line of a file."""

    path: Path
    line: int

    def __str__(self) -> str:
        return f"{self.path.name}:{self.line}"


@dataclass(frozen=True)
class Node:
    """A value with its place; the methods give it as what it should be, or refuse."""

    place: Place
    value: str | list[Node] | dict[str, Node]

    def text(self) -> str:
        """A string, with runs of blanks and line ends made one space."""
        if not isinstance(self.value, str) or not self.value.strip():
            raise Refused(self.place, "expected some text")
        return " ".join(self.value.split())

    def paragraphs(self) -> str:
        """A string in which empty lines part the paragraphs."""
        if not isinstance(self.value, str) or not self.value.strip():
            raise Refused(self.place, "expected some text")
        parts = self.value.split("\n\n")
        return "\n\n".join(" ".join(part.split()) for part in parts if part.strip())

    def one_of(self, choices: Iterable[str]) -> str:
        found, known = self.text(), sorted(choices)
        if found not in known:
            raise Refused(self.place, f"{found!r} is none of {', '.join(known)}")
        return found

    def number(self) -> int:
        found = self.text()
        if not found.isdecimal():
            raise Refused(self.place, f"{found!r} is not a number")
        return int(found)

    def flag(self) -> bool:
        return self.one_of(("true", "false")) == "true"

    def items(self) -> list[Node]:
        if not isinstance(self.value, list):
            raise Refused(self.place, "expected a list")
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


def read(path: Path) -> Node:
    """The whole file. Raises Refused for what is not YAML, and for a key that comes twice."""
    try:
        root = yaml.compose(path.read_text("utf-8"), Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Refused(Place(path, line), error.problem or "not YAML") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Refused(Place(path, 1), str(error)) from error
    if root is None:
        raise Refused(Place(path, 1), "the file is empty")
    return _node(path, root)


def _node(path: Path, raw: yaml.Node) -> Node:
    place = Place(path, raw.start_mark.line + 1)
    if isinstance(raw, yaml.SequenceNode):
        return Node(place, [_node(path, item) for item in raw.value])
    if not isinstance(raw, yaml.MappingNode):
        return Node(place, str(raw.value))
    found: dict[str, Node] = {}
    for key, value in raw.value:
        name = str(key.value)
        if name in found:
            raise Refused(Place(path, key.start_mark.line + 1), f"{name!r} comes twice")
        found[name] = _node(path, value)
    return Node(place, found)
