"""How a text was read as a whole: what came twice or too much, and how the sentence flowed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from speech.findings import TakeFinding, Verdict

# Syllables a second, pauses left out. Learners of speechocean762 (train) whom the experts scored
# 8 to 9 for fluency read at 2.1 to 4.5 (10 to 90 %), those under 6 at 1.0 to 2.1.
SLOW, FAST = 2.0, 5.5
FLUENT = 0.75  # score from which the flow of a sentence is praised
MOST = 3  # notes for one take
_STOP = re.compile(r"""["'”’»)]*\s*[.!?…,;:—–]""")
_TIMES = {
    1: gettext_noop("Dijiste «%(word)s» dos veces."),
    2: gettext_noop("Dijiste «%(word)s» tres veces."),
    3: gettext_noop("Dijiste «%(word)s» cuatro veces."),
}
_MANY_TIMES = gettext_noop("Dijiste «%(word)s» muchas veces.")


class Animal(NamedTuple):
    name: str
    emoji: str
    says: str


ANIMALS = (
    Animal("tortuga", "🐢", gettext_noop("Vas con calma, como la tortuga.")),
    Animal("cotorra", "🦜", gettext_noop("Llevas buen ritmo, como la cotorra.")),
    Animal("liebre", "🐇", gettext_noop("Vas muy deprisa, como la liebre.")),
)


@dataclass(frozen=True)
class Piece:
    """A word, and the pause that was made after it."""

    text: str
    pause_s: float = 0.0

    @property
    def length(self) -> str:
        if not self.pause_s:
            return ""
        return "short" if self.pause_s < 0.6 else "long"


@dataclass(frozen=True)
class Flow:
    """A sentence as it flowed."""

    animal: Animal
    pieces: tuple[Piece, ...]
    rate: float
    score: float

    @property
    def animals(self) -> tuple[Animal, ...]:
        return ANIMALS

    @property
    def says(self) -> str:
        """One friendly sentence about the rate, and one about what to try."""
        return f"{_(self.animal.says)} {self._next()}"

    def _next(self) -> str:
        stop = max(range(len(self.pieces)), key=lambda at: self.pieces[at].pause_s)
        if self.pieces[stop].pause_s:
            both = f"«{self.pieces[stop].text} {self.pieces[stop + 1].text}»"
            return _("Prueba a decir %(both)s sin parar en medio.") % {"both": both}
        if self.animal is ANIMALS[0]:
            return _("Cuando te salga bien, prueba un poquito más seguido.")
        if self.animal is ANIMALS[2]:
            return _("Un poco más despacio se te entiende mejor.")
        if self.score >= FLUENT:
            return _("¡Qué bien suena seguido!")
        return _("No paraste en medio. ¡Bien!")


def flow(take: TakeFinding) -> Flow | None:
    """The flow of a sentence; None for a single word."""
    if take.fluency is None or len(take.words) < 2:
        return None
    between = set(range(len(take.words) - 1)) - set(_stops(take))
    pauses = {p.after: p.end_s - p.start_s for p in take.fluency.pauses if p.after in between}
    rate = take.fluency.rate
    return Flow(
        animal=ANIMALS[(rate >= SLOW) + (rate > FAST)],
        pieces=tuple(Piece(w.word, pauses.get(at, 0.0)) for at, w in enumerate(take.words)),
        rate=rate,
        score=take.fluency.score,
    )


def _stops(take: TakeFinding) -> Iterator[int]:
    """The words after which the text itself asks for a pause."""
    at = 0
    for index, word in enumerate(take.words):
        start = take.text.lower().find(word.word.lower(), at)
        if start >= 0:
            at = start + len(word.word)
            if _STOP.match(take.text, at):
                yield index


def notes(take: TakeFinding) -> tuple[str, ...]:
    """What was said more often than asked, in sentences."""
    return tuple(_notes(take))[:MOST]


def _notes(take: TakeFinding) -> Iterator[str]:
    for word in take.words:
        if word.repeats and word.verdict is not Verdict.MISSING:
            yield _(_TIMES.get(word.repeats, _MANY_TIMES)) % {"word": word.word}
    for after in dict.fromkeys(added.after for added in take.added):
        if after < 0 and take.words:
            yield _("Sobró algo antes de «%(word)s».") % {"word": take.words[0].word}
        elif 0 <= after < len(take.words):
            yield _("Sobró algo después de «%(word)s».") % {"word": take.words[after].word}
