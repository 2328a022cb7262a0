"""How a Spanish speaker is likely to say a sentence, in words that a teacher understands."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from learning import accepted
from learning.authoring.proposals import ipa
from speech.graphemes import letters_of
from speech.phones import PHONES

if TYPE_CHECKING:
    from speech.paraphraser import Candidate, Change, Spoken

MOST = 8


@dataclass(frozen=True)
class Piece:
    """Letters of a word; `changed` where a sound of theirs is said otherwise."""

    letters: str
    changed: bool


@dataclass(frozen=True)
class Said:
    """One likely way to say the text."""

    probability: float
    words: tuple[tuple[Piece, ...], ...]
    sounds: str  # as they are said, in IPA
    changes: tuple[str, ...]

    @property
    def percent(self) -> str:
        share = 100 * self.probability
        return f"{share:.0f} %" if share >= 1 else _("menos del 1 %")


def likely(text: str, lines: str = "") -> list[Said]:
    """Distinct ways, the likeliest first. Raises SpeechError, NotAccepted, and ImportError where
    the engine is not installed."""
    # It needs torch, which pages otherwise do without.
    from speech.paraphraser import paraphrase
    from speech.paraphraser.text import spoken

    own = accepted.parse(lines, text)
    words = spoken(text, own)
    return [_said(words, candidate) for candidate in paraphrase(text, MOST, own)]


def _said(words: Sequence[Spoken], candidate: Candidate) -> Said:
    pieces: list[tuple[Piece, ...]] = []
    sentences: list[str] = []
    for at, word in enumerate(words):
        changes = [change for change in candidate.changes if change.word == at]
        pieces.append(tuple(_pieces(word, {change.index for change in changes})))
        if candidate.phones[at]:
            sentences += [sentence(word, change) for change in changes]
        else:
            sentences.append(_("No dice «%(word)s».") % {"word": word.text})
    sounds = " ".join(ipa(phones) if phones else "–" for phones in candidate.phones)
    return Said(candidate.probability, tuple(pieces), sounds, tuple(sentences))


def _pieces(word: Spoken, changed: Container[int]) -> Iterator[Piece]:
    """The letters of a word, in runs that are changed or not."""
    marks = [False] * len(word.text)
    for index, (start, end) in enumerate(letters_of(word.text, word.phones)):
        if index in changed:
            marks[start:end] = [True] * (end - start)
    for mark, run in groupby(zip(word.text, marks, strict=True), key=lambda pair: pair[1]):
        yield Piece("".join(letter for letter, _ in run), mark)


def sentence(word: Spoken, change: Change) -> str:
    start, end = letters_of(word.text, word.phones)[change.index]
    parts = {"letters": word.text[start:end], "word": word.text}
    said = change.said.split()
    names = [PHONES[phone].name for phone in said]
    if not said:
        return _("Se come la «%(letters)s» de «%(word)s».") % parts
    if said[-1] == change.phone:
        parts["sounds"] = _(" y ").join(names[:-1])
        return _("Pone %(sounds)s delante de la «%(letters)s» de «%(word)s».") % parts
    if said[0] == change.phone:
        parts["sounds"] = _(" y ").join(names[1:])
        return _("Añade %(sounds)s detrás de la «%(letters)s» de «%(word)s».") % parts
    parts |= {"sounds": _(" y ").join(names), "wanted": PHONES[change.phone].name}
    return _("Dice la «%(letters)s» de «%(word)s» como %(sounds)s, y es %(wanted)s.") % parts
