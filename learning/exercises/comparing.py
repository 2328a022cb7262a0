"""A typed answer held against what is right: what is forgiven, and the difference to show."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import zip_longest

from speech import lexicon
from speech.errors import SpeechError

LEAST_LETTERS = 3  # of a word in which a typo is forgiven
ENDINGS = ("s", "d")  # work and works, live and lived: no typo, but grammar
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘‛ʼ´`′＇", "'"))


@dataclass(frozen=True)
class Letters:
    """Letters that are in both words, or in this one alone."""

    text: str
    shared: bool


@dataclass(frozen=True)
class Pair:
    """A word as it was written beside the word it should be; '' where there is none."""

    given: str
    right: str

    @property
    def same(self) -> bool:
        return _bare(self.given) == _bare(self.right) and not self.apostrophe

    @property
    def apostrophe(self) -> bool:
        """Whether the apostrophe alone is amiss."""
        given, right = (each.translate(_APOSTROPHES) for each in (self.given, self.right))
        return _bare(given) == _bare(right) and given.strip("'").count("'") != right.count("'")

    @cached_property
    def letters(self) -> tuple[tuple[Letters, ...], tuple[Letters, ...]]:
        """Of what was written, and of what is right; signs are never marked."""
        given, right = (_small(each) for each in (self.given, self.right))
        codes = SequenceMatcher(None, given, right, autojunk=False).get_opcodes()
        return (
            tuple(_marked((tag, self.given[i:j]) for tag, i, j, _, _ in codes)),
            tuple(_marked((tag, self.right[k:m]) for tag, _, _, k, m in codes)),
        )


@dataclass(frozen=True)
class Comparison:
    """What was written, beside the nearest of the answers that are right."""

    right: bool
    answer: str
    pairs: tuple[Pair, ...]

    @property
    def differences(self) -> tuple[Pair, ...]:
        """Capitals and the signs around words are no difference."""
        return tuple(pair for pair in self.pairs if not pair.same)

    @property
    def forgiven(self) -> bool:
        """Right, but for a typo, a blank or an apostrophe."""
        return self.right and bool(self.differences)


def compare(given: str, answers: Sequence[str]) -> Comparison:
    """`answers` are all that are right, the usual first."""
    written = _tokens(given)
    bare = [_bare(token) for token in written]
    for tolerated in (_equal, _slip):
        for answer in answers:
            tokens = _tokens(answer)
            if tolerated(bare, [_bare(token) for token in tokens]):
                return Comparison(True, answer, _pairs(written, tokens))
    nearest = max(answers, key=lambda answer: _likeness(bare, answer))
    return Comparison(False, nearest, _pairs(written, _tokens(nearest)))


def _equal(given: Sequence[str], right: Sequence[str]) -> bool:
    return given == right


def _slip(given: Sequence[str], right: Sequence[str]) -> bool:
    """Blanks in other places, or one typo in one word."""
    if "".join(given) == "".join(right):
        return bool(given)
    if len(given) != len(right):
        return False
    odd = [(a, b) for a, b in zip(given, right, strict=True) if a != b]
    return len(odd) == 1 and is_typo(*odd[0])


def is_typo(given: str, right: str) -> bool:
    """Whether one letter too many, missing, other or swapped made a word that is none."""
    if len(right) < LEAST_LETTERS or not one_edit(given, right):
        return False
    longer, shorter = sorted((given, right), key=len, reverse=True)
    if longer in [shorter + ending for ending in ENDINGS]:
        return False
    return not _is_english(given)


def one_edit(a: str, b: str) -> bool:
    """Whether two words are one insertion, deletion, substitution or swap of neighbours apart."""
    start = next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), None)
    if start is None:
        return abs(len(a) - len(b)) == 1
    a, b = a[start:], b[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


def _is_english(word: str) -> bool:
    try:
        return lexicon.pronunciations(word)[0].source != "espeak"
    except SpeechError:
        return False


def _tokens(text: str) -> list[str]:
    """The words as written; figures become words."""
    found: list[str] = []
    for token in unicodedata.normalize("NFKC", text).split():
        figures = any(map(str.isdecimal, token))
        found.append("-".join(lexicon.words(token)) if figures else token)
    return [token for token in found if _bare(token)]


def _bare(token: str) -> str:
    """Letters and figures alone, small and without accents."""
    spread = unicodedata.normalize("NFKD", token).casefold()
    return "".join(filter(str.isalnum, spread))


def _likeness(given: Sequence[str], answer: str) -> float:
    right = [_bare(token) for token in _tokens(answer)]
    return SequenceMatcher(None, " ".join(given), " ".join(right), autojunk=False).ratio()


def _pairs(given: Sequence[str], right: Sequence[str]) -> tuple[Pair, ...]:
    a, b = ([_bare(token) for token in tokens] for tokens in (given, right))
    found: list[Pair] = []
    for _, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        found += [Pair(*pair) for pair in zip_longest(given[i:j], right[k:m], fillvalue="")]
    return tuple(found)


def _small(text: str) -> str:
    """In small letters, as many as there were."""
    small = text.translate(_APOSTROPHES).lower()
    return small if len(small) == len(text) else text


def _marked(parts: Iterable[tuple[str, str]]) -> Iterator[Letters]:
    for tag, text in parts:
        if text:
            sign = not any(c.isalnum() or c == "'" for c in text.translate(_APOSTROPHES))
            yield Letters(text, tag == "equal" or sign)
