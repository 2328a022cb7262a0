"""What to tell a learner about a sound, in Spanish: one YAML file a family of sounds.

    IH:
      name: la i corta de «ship»          # how a teacher calls it
      spelt: i                            # how to write it as if it were Spanish
      how: [what to do with the mouth, …]
      word: fish (pez)
      pair: ship (barco) / sheep (oveja)  # differ in this sound alone
      said:                               # what it was heard as, or `missing`; T_final at the end
        IY: {heard: …, fix: …, pair: …, near: true}

`near` marks what is almost right. `spanish.yaml` names the Spanish sounds; `extra.yaml` has the
sounds that were added, by where they were.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from learning.yamlfile import Node, Refused, read
from speech.phones import ENGLISH, INVENTORY, SPANISH

FOLDER = Path(__file__).parent
MISSING, FINAL = "missing", "_final"
_GLOSSED = re.compile(r"(.+?) \((.+)\)")


@dataclass(frozen=True)
class Example:
    """An English word and its translation."""

    word: str
    translation: str


Pair = tuple[Example, Example]


@dataclass(frozen=True)
class Hint:
    """One way to get a sound wrong: how to say what was heard, and what to do about it."""

    heard: str
    fix: str
    pair: Pair | None = None
    near: bool = False


@dataclass(frozen=True)
class Named:
    """A Spanish sound: its everyday name, and how it is written."""

    name: str
    spelt: str


@dataclass(frozen=True)
class Tip:
    """All there is to tell about one English sound."""

    phone: str
    name: str
    spelt: str
    how: tuple[str, ...]
    word: Example
    pair: Pair
    said: Mapping[str, Hint] = field(default_factory=dict)

    @property
    def drawing(self) -> str:
        """The static file with the mouth seen from the side."""
        return f"articulation/{self.phone.lower()}.svg"

    def hint(self, said: str | None, *, final: bool = False) -> Hint:
        """What to say when it was heard as `said`, or (None) not at all."""
        key = MISSING if said is None else said
        if final and key + FINAL in self.said:
            return self.said[key + FINAL]
        if said is None or key in self.said:
            return self.said[key]
        return Hint(f"Sonó como {named(said).name}.", " ".join(self.how))


@cache
def tips() -> Mapping[str, Tip]:
    """The tip for every English phone. Raises Refused when a file is not as it should be."""
    found: dict[str, Tip] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        if path.stem in ("spanish", "extra"):
            continue
        for phone, node in read(path).mapping().items():
            if phone not in ENGLISH or phone in found:
                raise Refused(node.place, f"{phone!r} is no English sound, or comes twice")
            found[phone] = _tip(phone, node)
    return found


@cache
def extras() -> Mapping[str, Hint]:
    """The hints for sounds that were added."""
    return {key: _hint(node) for key, node in read(FOLDER / "extra.yaml").mapping().items()}


@cache
def _spanish() -> Mapping[str, Named]:
    found = {}
    for phone, node in read(FOLDER / "spanish.yaml").mapping().items():
        if phone not in SPANISH:
            raise Refused(node.place, f"{phone!r} is no Spanish sound")
        fields = node.fields(("name", "spelt"))
        found[phone] = Named(fields["name"].text(), fields["spelt"].text())
    return found


def named(phone: str) -> Named | Tip:
    """What an English or Spanish sound is called."""
    return _spanish()[phone] if phone in SPANISH else tips()[phone]


@cache
def words() -> frozenset[str]:
    """Every English word that the tips use as an example."""
    examples = [tip.word for tip in tips().values()]
    hints = [*extras().values(), *(hint for tip in tips().values() for hint in tip.said.values())]
    pairs = [tip.pair for tip in tips().values()] + [hint.pair for hint in hints if hint.pair]
    return frozenset(e.word for e in examples) | {e.word for pair in pairs for e in pair}


def _tip(phone: str, node: Node) -> Tip:
    fields = node.fields(("name", "spelt", "how", "word", "pair", "said"))
    said: dict[str, Hint] = {}
    for heard, hint in fields["said"].mapping().items():
        if heard.removesuffix(FINAL) not in (*INVENTORY, MISSING) or heard == phone:
            raise Refused(hint.place, f"{heard!r} cannot be heard instead of {phone}")
        said[heard] = _hint(hint)
    if MISSING not in said:
        raise Refused(fields["said"].place, f"{MISSING!r} is missing")
    return Tip(
        phone=phone,
        name=fields["name"].text(),
        spelt=fields["spelt"].text(),
        how=tuple(line.text() for line in fields["how"].items()),
        word=_example(fields["word"], fields["word"].text()),
        pair=_pair(fields["pair"]),
        said=said,
    )


def _hint(node: Node) -> Hint:
    fields = node.fields(("heard", "fix"), ("pair", "near"))
    return Hint(
        heard=fields["heard"].text(),
        fix=fields["fix"].text(),
        pair=_pair(fields["pair"]) if "pair" in fields else None,
        near="near" in fields and fields["near"].flag(),
    )


def _pair(node: Node) -> Pair:
    first, slash, second = node.text().partition(" / ")
    if not slash:
        raise Refused(node.place, "a pair is written 'ship (barco) / sheep (oveja)'")
    return _example(node, first), _example(node, second)


def _example(node: Node, text: str) -> Example:
    match = _GLOSSED.fullmatch(text)
    if match is None:
        raise Refused(node.place, f"{text!r}: an example is written 'ship (barco)'")
    return Example(match[1], match[2])
