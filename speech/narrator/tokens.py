"""Cleaned text to tokens, each with the words that are said for it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from speech import lexicon, numbers
from speech.errors import SpeechError
from speech.narrator import expansions

LATIN = "A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ"
MAX_DIGITS = 40
MAX_LETTERS = 45
PIECE = 14  # letters of a piece of a word too long to be one
_WORD = re.compile(rf"[{LATIN}]+(?:'[{LATIN}]+)*")
_CLIPPED = re.compile(r"'(?:cause|em|til|tis|twas|bout|round|n)(?!\w)", re.I)
_INITIALS = re.compile(rf"(?:[{LATIN}]\.){{2,12}}(?:[{LATIN}](?!\w))?")
_FOREIGN = re.compile(rf"(?:(?![{LATIN}])[^\W\d_]){{1,{MAX_LETTERS}}}")
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<>\"]{1,100}"
    r"|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"
    r"|[\w-]{1,63}(?:\.[\w-]{1,63}){0,3}\.(?:com|org|net|edu|gov|info|io|es|mx|uk|ar|eu)"
    r"(?![\w.]*@)\b(?:/[^\s<>\"]{0,100})?",
    re.I,
)
_HASHTAG = re.compile(r"#(?=[^\W\d_])\w{1,60}")
_NUMBER_SIGN = re.compile(r"#(?=\d)")
_DATE = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})(?![\d/])")
_ISO_DATE = re.compile(r"(?<![\d-])(\d{4})-(\d{2})-(\d{2})(?![\d-])")
_FRACTION = re.compile(r"(?<![\d/])(\d{1,2})[/⁄](\d{1,2})(?![\d/])")
_POINT = re.compile(r"(?<![\w.])\.(\d{1,40})")
_MILLIONS = re.compile(
    r"([$£€])\s?(\d{1,3}(?:,\d{3})*(?:\.\d{1,6})?)\s(thousand|million|billion|trillion)\b", re.I
)
_DEGREES = re.compile(r"°\s?([CF])\b")
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+")
_RANGE = re.compile(r"(?<![\w-])(\d{1,4})[-–]$")
_UNSPOKEN = "^`~|$<>=+"  # spoken only as rules below say
_SYMBOLS = ("So", "Sm", "Sc", "Sk", "Co", "Cn")  # Cn: an emoji newer than Python's tables


@dataclass(frozen=True)
class Token:
    """`said` are words to look up; "w." is the name of a letter."""

    start: int
    end: int
    said: tuple[str, ...]
    kind: str  # word | number | abbreviation | initials | address | symbol | foreign
    ends: bool = True  # whether a sentence may end at the dot it holds


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a cleaned text, in order; what stands between them is punctuation."""
    last: Token | None = None
    at = 0
    while at < len(text):
        end = at + 1
        for token in () if text[at].isspace() else _at(text, at, last):
            yield token
            last, end = token, token.end
        at = end


def _at(text: str, at: int, before: Token | None) -> Iterator[Token]:
    char = text[at]
    if (char.isalnum() or char in "+_.-") and (match := _ADDRESS.match(text, at)):
        address = match[0].rstrip(".,;:!?)]}'\"")
        if any(c.isalnum() for c in address):
            yield Token(at, at + len(address), tuple(_address(address)), "address")
            return
    if char == "#" and (match := _HASHTAG.match(text, at)):
        yield Token(at, match.end(), ("hashtag", *_chunks(match[0][1:])), "address")
    elif match := _NUMBER_SIGN.match(text, at):
        yield Token(at, match.end(), ("number",), "symbol")
    elif (char.isdecimal() or char in "$£€-−.") and (number := _number(text, at, before)):
        yield number
    elif match := _INITIALS.match(text, at):
        yield _initials(text, match)
    elif match := _CLIPPED.match(text, at) or _WORD.match(text, at):
        yield from _word(text, match, before)
    elif match := _FOREIGN.match(text, at):
        yield Token(at, match.end(), _foreign(match[0]), "foreign")
    elif match := _FLAG.match(text, at):
        letters = (unicodedata.name(c)[-1].lower() + "." for c in match[0])
        yield Token(at, match.end(), ("flag", *letters), "symbol")
    elif said := _symbol(text, at):
        end = at + 1
        while text[end : end + 1] == char:
            end += 1
        yield Token(at, end, said, "symbol")


def _number(text: str, at: int, before: Token | None) -> Token | None:
    said: tuple[str, ...] = ()
    if match := _DATE.match(text, at):
        said = expansions.date(match[1], match[2], match[3])
    elif match := _ISO_DATE.match(text, at):
        said = expansions.date(match[2], match[3], match[1])
    elif match := _FRACTION.match(text, at):
        said = expansions.fraction(match[1], match[2])
    elif match := _MILLIONS.match(text, at):
        amount = numbers.NUMBER.match(match[2])
        said = (
            (*numbers.spoken(amount), match[3].lower(), expansions.COINS[match[1]])
            if amount
            else ()
        )
    elif match := _POINT.match(text, at):
        said = ("point", *(word for digit in match[1] for word in numbers.cardinal(int(digit))))
    if match and said:
        return Token(at, match.end(), said, "number")
    match = numbers.NUMBER.match(text, at, at + MAX_DIGITS)
    return _plain_number(text, match, before) if match else None


def _plain_number(text: str, match: re.Match[str], before: Token | None) -> Token:
    at, end = match.start(), match.end()
    said = numbers.spoken(match)
    bare = match[0] == match["whole"] and len(match[0]) <= 2
    written_before = text[before.start : before.end] if before else ""
    ahead = text[end : end + 16]
    if bare and _month(written_before) and int(match[0]) < 32:
        said = numbers.ordinal(int(match[0]))
    elif bare and (word := _WORD.match(ahead.lstrip())) and word[0] in expansions.MONTHS:
        article = [] if written_before.lower() == "the" else ["the"]
        said = [*article, *numbers.ordinal(int(match[0])), "of"]
    elif match["minutes"] == "00" and re.match(r"\s?[ap]\.?m\b", ahead, re.I):
        said = said[:-1]
    elif match[0].endswith("°") and (scale := _DEGREES.match(text, end - 1)):
        said.append({"C": "celsius", "F": "fahrenheit"}[scale[1]])
        end = scale.end()
    if _is_range(text[max(0, at - 6) : at], match["whole"]):
        said = ["to", *said]
    return Token(at, end, tuple(said), "number")


def _is_range(before: str, whole: str) -> bool:
    """The second number of '10-15', but not that of the telephone number '555-1234'."""
    first = _RANGE.search(before)
    if not first or len(whole) > 4 or not whole.isdecimal():
        return False
    longer = len(whole) - len(first[1])
    return (longer == 0 or (longer == 1 and len(whole) < 4)) and int(first[1]) < int(whole)


def _month(written: str) -> bool:
    return written in expansions.MONTHS or written.rstrip(".") in expansions.MONTH_NAMES


def _initials(text: str, match: re.Match[str]) -> Token:
    written = match[0]
    key = written.lower().rstrip(".")
    if key in expansions.LATIN:
        return Token(match.start(), match.end(), expansions.LATIN[key], "abbreviation", False)
    letters = tuple(f"{c.lower()}." for c in written if c != ".")
    return Token(match.start(), match.end(), letters, "initials")


def _word(text: str, match: re.Match[str], before: Token | None) -> Iterator[Token]:
    at, end, word = match.start(), match.end(), match[0]
    if len(word) > MAX_LETTERS:
        for start, stop in _pieces(word):
            yield Token(at + start, at + stop, (word[start:stop].lower(),), "word")
        return
    dot = text[end : end + 1] == "."
    after_number = (
        before is not None and before.kind == "number" and not text[before.end : at].strip()
    )
    if after_number and before and (unit := expansions.unit(text, at, before.said)):
        yield Token(at, unit[1], unit[0], "abbreviation")
        return
    ahead = text[end + dot : end + dot + 8].lstrip()
    name = text[before.start : before.end] if before and text[before.end : at] == " " else ""
    found = expansions.abbreviation(word, dot, ahead, name)
    if found:
        yield Token(at, end + dot, found[0], "abbreviation", found[1])
    elif len(word) == 1 and word.isupper() and dot and word != "I" and ahead[:1].isupper():
        yield Token(at, end + 1, (f"{word.lower()}.",), "initials")
    elif word == "US" and name.lower() == "the":
        yield Token(at, end, ("u.", "s."), "initials")
    elif word == "A" and re.match(r"\s[A-Z]{2}", text[end : end + 3]):
        yield Token(at, end, ("a",), "word")
    elif roman := expansions.roman(word, name):
        yield Token(at, end, roman, "number")
    else:
        yield Token(at, end, (word,), "word")


def _pieces(word: str) -> Iterator[tuple[int, int]]:
    """A word too long to be one, in pieces that can be said, cut after a vowel if there is one."""
    start = 0
    while start < len(word):
        stop = min(start + PIECE, len(word))
        if stop < len(word):
            vowels = (at for at in range(stop, start + PIECE // 2, -1) if word[at - 1] in "aeiouy")
            stop = next(vowels, stop)
        yield start, stop
        start = stop


def _address(address: str) -> Iterator[str]:
    """'example dot com slash books'; the protocol is not said."""
    body = re.sub(r"^https?://", "", address, flags=re.I) or address
    for part in re.findall(r"[^\W_]+|[\W_]", body):
        if part[0].isalnum():
            yield from _chunks(part)
        elif part in expansions.ADDRESS_MARKS:
            yield from expansions.ADDRESS_MARKS[part].split()


def _chunks(joined: str) -> Iterator[str]:
    """The words of 'BestDay2024'; letters where they are no word."""
    for part in _CAMEL.findall(joined):
        if part.isdecimal():
            for start in range(0, len(part), MAX_DIGITS):
                match = numbers.NUMBER.match(part[start : start + MAX_DIGITS])
                yield from numbers.spoken(match) if match else ()
        elif not re.fullmatch(rf"[{LATIN}]+", part):
            yield from _foreign(part)
        elif len(part) == 1 or not (is_english(part) or re.search("[aeiouy]", part.lower())):
            yield from (f"{letter.lower()}." for letter in part)
        else:
            yield part.lower()


@lru_cache(maxsize=8192)
def is_english(word: str) -> bool:
    """Whether the lexicon holds the word."""
    try:
        return lexicon.pronunciations(word)[0].source != "espeak"
    except SpeechError:
        return False


def _foreign(word: str) -> tuple[str, ...]:
    """Letters that we cannot read are announced: 'cyrillic word', and 'pi' for one alone."""
    name = unicodedata.name(word[0], "unknown").lower()
    if len(word) == 1 and (letter := re.fullmatch(r"greek \w+ letter (\w+)", name)):
        return (letter[1],)
    script = re.split(r"[^a-z]", name)[0]
    return (expansions.SCRIPTS.get(script, script), "word")


def _symbol(text: str, at: int) -> tuple[str, ...]:
    """'red heart' for an emoji, 'and' for '&'; () for punctuation."""
    char = text[at]
    around = text[max(0, at - 1) : at], text[at + 1 : at + 2]
    if char in expansions.SIGNS:
        alone = around[0] == char or around[1] == char
        beside = char in "&%@" or all(
            not side or side.isspace() or side.isalnum() for side in around
        )
        left, right = text[max(0, at - 2) : at].rstrip(" "), text[at + 1 : at + 3].lstrip(" ")
        operands = left[-1:].isalnum() and right[:1].isalnum()
        wide = char not in "<>*" or (operands and (around[0] == around[1] or char == "*"))
        return expansions.SIGNS[char] if beside and not alone and wide else ()
    if char in _UNSPOKEN or unicodedata.category(char) not in _SYMBOLS:
        return ()
    name = unicodedata.name(char, "symbol").lower()
    name = expansions.EMOJI.get(name, name)
    said: list[str] = []
    for part in re.findall(r"[a-z]+|\d+", name):
        said += numbers.cardinal(int(part)) if part.isdecimal() else [part]
    return tuple(said)
