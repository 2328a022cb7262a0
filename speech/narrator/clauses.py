"""What the punctuation says: pauses, where sentences end, what is direct speech."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, tee, zip_longest
from typing import TypeAlias

from speech.narrator.tokens import Token

_PARAGRAPH = re.compile(r"\n[ \t\r]*\n|\n\s{0,80}(?:[-*•+]|#{1,6})\s")
_ITEM = re.compile(r"\n\s{0,80}\d{1,3}[.)]\s")
_HEADING = re.compile(r"(?:^|\n)[ \t]*#{1,6}[ \t]")
_PAUSE = re.compile(r"[,;:()\[\]{}—―–\"“”„«»‹›、，；：•|]|(?<=\s)-+(?=\s)|--")
_END = re.compile(r"[.?!。！？…]")
_CLOSING = re.compile(r"[.?!…][\"”»›']")
_DASH = "—–―"
AHEAD = 3  # tokens in which 'said she' is looked for
_SAID = frozenset(
    "said says asked asks cried shouted whispered replied answered called yelled screamed laughed"
    " exclaimed added sang sobbed murmured muttered told thought begged roared growled squeaked"
    " repeated continued dijo preguntó gritó respondió contestó susurró exclamó".split()
)
_STARTERS = frozenset(
    "the a an he she it we they you i this that these those but and then so in on at after before"
    " when while my his her our their there here what who why how where now one if as soon later"
    " every all some no yes not for to".split()
)

_DAYS = frozenset(  # '5 p.m. Monday'
    "monday tuesday wednesday thursday friday saturday sunday est pst eastern pacific".split()
)


@dataclass(frozen=True)
class Marks:
    """What surrounds a token: the mark that follows it, and whether the sentence ends there."""

    after: str  # "" | "," | "." | "?" | "!" | "..."
    ends: bool
    paragraph: bool  # a paragraph ends there
    quoted: bool


def marks(text: str, tokens: Iterable[Token]) -> Iterator[tuple[Token, Marks]]:
    """Every token of a cleaned text with its marks, reading AHEAD tokens farther at most."""
    heading: bool | None = None
    begins = True  # the text or a paragraph
    for (token, quoted), *following in _with_following(_quoted(text, tokens)):
        if heading is None:
            heading = bool(_HEADING.search(text[: token.start]))
        upto = following[0][0].start if following else len(text)
        gap = text[token.end : upto].replace("![", "[")
        broken = not following or bool(_PARAGRAPH.search(gap)) or (heading and "\n" in gap)
        broken = broken or bool("\n" in gap and _ITEM.search(text, token.end, upto + 5))
        heading = bool(_HEADING.search(gap)) or (heading and "\n" not in gap)
        after = _mark(gap)
        if _abbreviated(text, token) and after == ".":
            after = ""
        numbers_item = token.kind == "number" and gap[:1] in (".", ")") and not broken
        if numbers_item and begins:
            after, ends = ",", False
        else:
            ends = broken or _ends(text, token, [each for each, _ in following], gap, after)
        if ends and after in ("", ","):
            after = "."
        if not after and following and (quoted != following[0][1] or _verse(text, upto, gap)):
            after = ","
        begins = broken
        yield token, Marks(after, ends, broken, quoted)


_Quoted: TypeAlias = tuple[Token, bool]


def _with_following(tokens: Iterable[_Quoted]) -> Iterator[tuple[_Quoted, ...]]:
    """Each token, and after it up to AHEAD that follow."""
    copies = (islice(each, at, None) for at, each in enumerate(tee(tokens, AHEAD + 1)))
    for window in zip_longest(*copies):
        yield tuple(each for each in window if each is not None)


def _abbreviated(text: str, token: Token) -> bool:
    return token.kind in ("abbreviation", "initials") and text[token.end - 1] == "."


def _mark(gap: str) -> str:
    if not gap or gap == " ":
        return ""
    if "..." in gap:
        return "?" if "?" in gap else "!" if "!" in gap else "..."
    for mark, signs in (("?", "?？"), ("!", "!！")):
        if any(sign in gap for sign in signs):
            return mark
    if _dot(gap):
        return "."
    return "," if _PAUSE.search(gap) else ""


def _dot(gap: str) -> bool:
    """A full stop: not the dot inside 'file.txt'."""
    return "。" in gap or ("." in gap and (len(gap.rstrip()) > 1 or gap != "."))


def _verse(text: str, at: int, gap: str) -> bool:
    """Whether a line of verse begins there."""
    return "\n" in gap and text[at].isupper()


def _ends(text: str, token: Token, ahead: Sequence[Token], gap: str, after: str) -> bool:
    """Whether a sentence ends between a token and those ahead."""
    following = ahead[0]
    first = text[following.start]
    said = text[following.start : following.end].lower()
    upper = first.isupper() or "¿" in gap or "¡" in gap
    if _abbreviated(text, token):
        return _ends_at_abbreviation(token, said, upper, gap)
    if after not in (".", "?", "!", "..."):
        return False
    if not any(c.isspace() for c in gap) and not upper:
        return False
    lower = first.islower() and not ("¿" in gap or "¡" in gap)
    told = after in "?!..." and any(text[t.start : t.end].lower() in _SAID for t in ahead)
    if _CLOSING.search(gap) and (lower or told):
        return False
    if after == "...":
        return not lower
    return True


def _ends_at_abbreviation(token: Token, said: str, upper: bool, gap: str) -> bool:
    if _END.search(gap):
        return True
    if not token.ends or not upper or "," in gap:
        return False
    if token.kind == "initials" and token.said != ("a.", "m.") and token.said != ("p.", "m."):
        return said in _STARTERS
    return said not in _DAYS


def _quoted(text: str, tokens: Iterable[Token]) -> Iterator[_Quoted]:
    """Whether each token is direct speech: in quotes of any kind, or after a dialogue dash."""
    state = _Speech()
    at = 0
    for token in tokens:
        for place in range(at, token.start):
            state.read(text, place)
        yield token, state.inside
        at = token.end


@dataclass
class _Speech:
    """Reads punctuation sign by sign; an unclosed quote ends with its paragraph."""

    double: bool = False
    single: bool = False
    dash: bool = False
    in_dialogue: bool = False  # the paragraph began with a dash: every dash turns speech off or on

    @property
    def inside(self) -> bool:
        return self.double or self.single or self.dash

    def read(self, text: str, at: int) -> None:
        sign = text[at]
        if sign == "\n":
            if not text[at + 1 : at + 40].strip(" \t\r")[:1].strip("\n"):
                self.double = self.single = False
            self.dash = self.in_dialogue = False
        elif sign == '"':
            self.double = not self.double
        elif sign in "“„«‹":
            self.double = True
        elif sign in "”»›":
            self.double = False
        elif sign == "'":
            self._apostrophe(text, at)
        elif sign in _DASH:
            self._dash(text, at)

    def _apostrophe(self, text: str, at: int) -> None:
        before, following = text[max(0, at - 1) : at], text[at + 1 : at + 2]
        if self.single:
            self.single = following.isalnum() or before.isspace()
        elif (not before or before in ' \n([—"“') and following.isalpha():
            line = text[at + 1 : at + 400].split("\n")[0]
            self.single = re.search(r"[\w.,!?]'(?!\w)", line) is not None

    def _dash(self, text: str, at: int) -> None:
        if not text[max(0, at - 40) : at].rpartition("\n")[2].strip():
            self.dash = self.in_dialogue = text[at + 1 : at + 2] not in ("", "\n")
        elif self.in_dialogue:
            self.dash = not self.dash
