"""What the engine says of a take: one object per word, syllable and sound, and its JSON form."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """What a learner is told of a sound, a syllable or a word."""

    RIGHT = "right"
    WRONG = "wrong"
    MISSING = "missing"
    EXTRA = "extra"
    UNSURE = "unsure"

    @property
    def is_red(self) -> bool:
        return self in (Verdict.WRONG, Verdict.MISSING, Verdict.EXTRA)


@dataclass(frozen=True)
class PhoneFinding:
    """A sound of the reference, or one that was added (`phone` None, verdict `extra`)."""

    phone: str | None
    letters: str
    said: str | None
    verdict: Verdict
    score: float  # 0 (wrong) .. 1 (right)
    start_s: float | None = None
    end_s: float | None = None
    p_wrong: float = 0.0  # calibrated probability that a teacher would mark it
    syllable: int | None = None  # index into the word's syllables
    letter_start: int | None = None  # span of `letters` in the word
    letter_end: int | None = None


@dataclass(frozen=True)
class SyllableFinding:
    text: str
    verdict: Verdict


@dataclass(frozen=True)
class StressFinding:
    """Where the stress of a word of two syllables or more lay."""

    expected: int  # index into the word's syllables
    heard: int  # the syllable that stood out
    verdict: Verdict  # right, wrong or unsure
    p_wrong: float  # calibrated probability that a teacher would mark it


@dataclass(frozen=True)
class WordFinding:
    word: str
    verdict: Verdict
    score: float
    variant: str  # the accepted pronunciation it was held against, "R AE B IH T"
    syllables: tuple[SyllableFinding, ...] = ()
    phones: tuple[PhoneFinding, ...] = ()
    read_as: str = ""  # the Spanish reading it was heard as, "es_rr es_a es_b es_i T"
    stress: StressFinding | None = None
    repeats: int = 0  # how often it was said once more


@dataclass(frozen=True)
class AddedWords:
    """Something said that the text does not have."""

    after: int  # the word it follows; -1 before the first
    phones: tuple[str, ...]


@dataclass(frozen=True)
class Pause:
    after: int  # the word it follows
    start_s: float
    end_s: float


@dataclass(frozen=True)
class Fluency:
    """How a sentence flowed."""

    rate: float  # syllables a second, pauses left out
    pauses: tuple[Pause, ...]
    score: float  # 0..1, as teachers would score it


@dataclass(frozen=True)
class TakeFinding:
    text: str
    duration_s: float
    heard: tuple[str, ...]
    words: tuple[WordFinding, ...]
    accuracy: float = 0.0  # 0..1, of the whole take
    model: str = ""  # version of the bundle that judged
    notes: tuple[str, ...] = field(default=())  # codes such as "clipped", "other_text"
    added: tuple[AddedWords, ...] = ()
    fluency: Fluency | None = None  # of a sentence

    def to_json(self) -> dict[str, Any]:
        return asdict(self)
