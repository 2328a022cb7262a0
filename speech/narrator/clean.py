"""Text without markup and in one spelling, each character knowing where it came from."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass, field

_BLOCKS = frozenset(
    "address article aside blockquote body br dd div dl dt figure footer form h1 h2 h3 h4 h5 h6"
    " head header hr html li main nav ol p pre script section style table tbody td tfoot th thead"
    " title tr ul".split()
)
_INLINE = frozenset(
    "a abbr audio b bdi bdo big button canvas cite code del dfn em font i iframe img input ins"
    " kbd label mark picture q rp rt ruby s samp small source span strike strong sub"
    " sup svg time tt u var video wbr".split()
)
_TAG = re.compile(r"</?(?P<name>[a-z][a-z0-9]{0,10})(?:[\s/][^<>]{0,1000})?>", re.I | re.A)
_COMMENT = re.compile(r"<!(?:--)?[^<>]{0,1000}>")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,15});", re.I | re.A)
_SIMPLE = re.compile(r"[ -%'-;=-~\n]+(?![^\x00-\u02ff])")  # stand for themselves
_APOSTROPHES = dict.fromkeys("’‘‛ʼ´′＇", "'")
_NAMED = {
    "½": " one half ", "¼": " one quarter ", "¾": " three quarters ", "⅓": " one third ",
    "⅔": " two thirds ", "⅛": " one eighth ", "²": " squared ", "³": " cubed ", "…": "...",
    "№": " number ", "™": " trademark ", "\u00a0": " ", "\u2028": "\n", "\u2029": "\n\n",
}  # fmt: skip
PARAGRAPH = "\n\n"


@dataclass
class Cleaned:
    """`text[i]` stands for the written characters `at[i]` to `to[i]`."""

    text: str = ""
    at: list[int] = field(default_factory=list)
    to: list[int] = field(default_factory=list)


def clean(text: str) -> Cleaned:
    """Tags gone, entities and compatibility forms resolved, one apostrophe, ASCII digits.

    Nothing else is lost: every letter and digit outside of tags stands in the result.
    """
    found = Cleaned()
    parts: list[str] = []

    def add(said: str, start: int, end: int) -> None:
        parts.append(said)
        found.at += [start] * len(said)
        found.to += [end] * len(said)

    at = 0
    while at < len(text):
        char = text[at]
        if run := _SIMPLE.match(text, at):
            parts.append(run[0])
            found.at += range(at, run.end())
            found.to += range(at + 1, run.end() + 1)
            at = run.end()
        elif char < "\x7f" and char not in "<&\r" and not _combines(text, at + 1):
            add(char if char >= " " or char == "\n" else " ", at, at + 1)
            at += 1
        elif char == "\r":
            add(" " if text[at + 1 : at + 2] == "\n" else "\n", at, at + 1)
            at += 1
        elif char == "<" and (tag := _tag(text, at)):
            add(PARAGRAPH if tag[1] in _BLOCKS else "", at, at + len(tag[0]))
            at += len(tag[0])
        elif char == "&" and (entity := _ENTITY.match(text, at)):
            resolved = html.unescape(entity[0])
            add(resolved if resolved == entity[0] else _plain(resolved), at, entity.end())
            at = entity.end()
        else:
            end = at + 1
            while _combines(text, end):
                end += 1
            follows_number = char in "½¼¾⅓⅔⅛" and text[at - 1 : at].isdecimal()
            add((" and" if follows_number else "") + _plain(text[at:end]), at, end)
            at = end
    found.text = "".join(parts)
    return found


def _tag(text: str, at: int) -> tuple[str, str] | None:
    """The HTML tag that begins here, and its name."""
    if match := _TAG.match(text, at):
        name = match["name"].lower()
        return (match[0], name) if name in _BLOCKS or name in _INLINE else None
    comment = _COMMENT.match(text, at)
    return (comment[0], "") if comment else None


def _combines(text: str, at: int) -> bool:
    """A mark that belongs to the character before it: an accent, a colour of skin."""
    if at >= len(text) or text[at] < "\u0300":
        return False
    return (
        unicodedata.category(text[at]) in ("Mn", "Me") or "\U0001f3fb" <= text[at] <= "\U0001f3ff"
    )


def _plain(cluster: str) -> str:
    base = cluster[0]
    if base in _APOSTROPHES:
        return "'"
    if base in _NAMED:
        return _NAMED[base]
    if unicodedata.category(base) == "Cf":
        return ""
    if unicodedata.category(base) in ("Cc", "Zs"):
        return " "
    normal = unicodedata.normalize("NFKC", cluster)
    kept = "".join(
        str(unicodedata.decimal(c, c))
        for c in normal
        if unicodedata.category(c) not in ("Mn", "Me", "Cf")
        and not "\U0001f3fb" <= c <= "\U0001f3ff"
    )
    return f" {kept} " if unicodedata.category(base) == "No" else kept
