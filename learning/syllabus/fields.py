"""The kinds of value that the files of a course hold, each read from a node or refused."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from learning import accepted
from learning.syllabus.content import Phrase, Spanish
from learning.yamlfile import Node, Refused
from speech.criterion import build
from speech.errors import SpeechError

TITLE, PROMPT, STATEMENT, EXPLANATION, NOTE, TRANSLATION = 60, 160, 160, 300, 200, 160
WORD, SENTENCE, PASSAGE, OPTION = 40, 120, 300, 80
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
PREFIXES = ("g-", "p-")  # of grammar points and of pair sets


def slug(node: Node, prefix: str = "") -> str:
    """An id: small letters, digits and hyphens, with a prefix for what is not a word."""
    found = node.text(60)
    if not _ID.fullmatch(found) or not found.startswith(prefix):
        like = f" that starts with {prefix!r}" if prefix else ""
        raise Refused(node.place, f"{found!r} is no id{like}: small letters, digits and hyphens")
    if not prefix and found.startswith(PREFIXES):
        raise Refused(node.place, f"{found!r}: {found[:2]!r} is for grammar points and pair sets")
    return found


def spanish(node: Node, most: int, paragraphs: bool = False) -> Spanish:
    """A text, or {es: …, es-mx: …}."""
    if isinstance(node.value, dict):
        both = node.fields(("es", "es-mx"))
        return Spanish(*(_text(both[key], most, paragraphs) for key in ("es", "es-mx")))
    return Spanish(_text(node, most, paragraphs))


def _text(node: Node, most: int, paragraphs: bool) -> str:
    return node.paragraphs(most) if paragraphs else node.text(most)


def english(node: Node, most: int = SENTENCE) -> str:
    """A text that the engine can pronounce."""
    return pronounced(node, node.text(most))


def pronounced(node: Node, text: str, extra: Mapping[str, Sequence[str]] | None = None) -> str:
    """The text itself, or Refused where the engine cannot pronounce it."""
    try:
        build(text, accepted=extra)
    except SpeechError as error:
        raise Refused(node.place, f"{text!r} cannot be pronounced: {error}") from error
    return text


def pronunciations(node: Node, text: str) -> tuple[str, ...]:
    """Accepted pronunciations of a text, besides the lexicon's."""
    lines = tuple(line.text() for line in node.items(1))
    try:
        accepted.parse("\n".join(lines), text)
    except accepted.NotAccepted as error:
        raise Refused(node.place, str(error)) from error
    return lines


def phrase(node: Node, optional: tuple[str, ...] = ()) -> Phrase:
    """{text, translation}, and what else there may be: who says it, an emoji."""
    found = node.fields(("text", "translation"), optional)
    return Phrase(
        text=english(found["text"]),
        translation=spanish(found["translation"], TRANSLATION),
        emoji=emoji(found["emoji"]) if "emoji" in found else "",
        who=found["who"].text(TITLE) if "who" in found else "",
    )


def emoji(node: Node) -> str:
    """A picture: no letters, no blanks."""
    found = node.text(16)
    if any(c.isalpha() or c.isspace() for c in found) or found.isascii():
        raise Refused(node.place, f"{found!r} is no emoji")
    return found


def unlike(node: Node, values: Sequence[str]) -> tuple[str, ...]:
    """The values, or Refused where two are the same."""
    for at, value in enumerate(values):
        if value in values[:at]:
            raise Refused(node.place, f"{value!r} comes twice")
    return tuple(values)
