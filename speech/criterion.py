"""What a take is held against, frozen with the attempt: the words and how each may be said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from speech import lexicon
from speech.errors import SpeechError
from speech.phones import PHONES, is_vowel, parse
from speech.thresholds import STRICTNESS

MAX_CHARS = 300
MAX_WORDS = 40
MAX_PRONUNCIATIONS = 16
MAX_PHONES = 60  # in one pronunciation
PRIORS = ("spanish", "corpus")


@dataclass(frozen=True)
class WordCriterion:
    """A word and its accepted pronunciations, each with a stress digit for every vowel."""

    word: str
    pronunciations: tuple[tuple[str, ...], ...]
    stress: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.pronunciations or not all(self.pronunciations):
            raise SpeechError("unknown_word", self.word)
        for phone in {p for each in self.pronunciations for p in each}:
            if phone not in PHONES:
                raise SpeechError("bad_phone", f"{phone[:40]!r} in {self.word!r}")
        if max(map(len, self.pronunciations)) > MAX_PHONES:
            raise SpeechError("bad_phone", f"more than {MAX_PHONES} sounds in {self.word!r}")
        if self.stress and len(self.stress) != len(self.pronunciations):
            raise ValueError(f"{len(self.stress)} stress patterns for {self.word!r}")

    def stress_of(self, said: tuple[str, ...]) -> str:
        """The stress digits of one of the pronunciations; '' where they are not known."""
        return self.stress[self.pronunciations.index(said)] if self.stress else ""


@dataclass(frozen=True)
class Criterion:
    """The whole text. `strictness` moves the operating point; `prior` names the likely errors."""

    text: str
    words: tuple[WordCriterion, ...]
    strictness: str = "normal"
    prior: str = "spanish"
    model: str = ""

    def __post_init__(self) -> None:
        if self.strictness not in STRICTNESS:
            raise ValueError(f"no strictness {self.strictness!r}")
        if self.prior not in PRIORS:
            raise ValueError(f"no prior {self.prior!r}")

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Criterion:
        words = tuple(
            WordCriterion(
                word=each["word"],
                pronunciations=tuple(tuple(phones) for phones in each["pronunciations"]),
                stress=tuple(each.get("stress", ())),
            )
            for each in data["words"]
        )
        rest = {key: data[key] for key in ("strictness", "prior", "model") if key in data}
        return cls(text=data["text"], words=words, **rest)


def build(
    text: str,
    accepted: Mapping[str, Sequence[str]] | None = None,
    strictness: str = "normal",
    model: str = "",
) -> Criterion:
    """The criterion for a text, with the author's own pronunciations before the dictionary's.

    `accepted` is {"rabbit": ["R AE B IH T"]}. Raises SpeechError: empty_text, text_too_long,
    unknown_word, bad_phone.
    """
    tokens = _tokens(text)
    own = {word.lower(): list(said) for word, said in (accepted or {}).items()}
    words = tuple(of_word(token, own.get(token.lower(), ()), len(tokens) == 1) for token in tokens)
    return Criterion(text=text, words=words, strictness=strictness, model=model)


def fixed(text: str, words: Iterable[tuple[str, Sequence[str]]], **rest: str) -> Criterion:
    """A criterion with exactly one pronunciation a word, as an experts' file gives it."""
    return Criterion(
        text=text,
        words=tuple(WordCriterion(word, (tuple(phones),)) for word, phones in words),
        **rest,
    )


def _tokens(text: str) -> tuple[str, ...]:
    if len(text) > MAX_CHARS:
        raise SpeechError("text_too_long", f"{len(text)} characters")
    tokens = lexicon.words(text)
    if not tokens:
        raise SpeechError("empty_text")
    if len(tokens) > MAX_WORDS:
        raise SpeechError("text_too_long", f"{len(tokens)} words")
    return tokens


def of_word(word: str, own: Sequence[str], alone: bool) -> WordCriterion:
    """A word with the author's `own` pronunciations first; `alone`, it has no weak forms.

    Raises SpeechError: unknown_word, bad_phone.
    """
    found: dict[tuple[str, ...], str] = {}
    for said in own:
        phones = parse(said)
        if phones:
            found[phones] = _stress(said)
    try:
        known = lexicon.pronunciations(word)
    except SpeechError:
        if not found:
            raise
        known = ()
    for each in known:
        if not (alone and each.source == "weak"):
            found.setdefault(each.phones, each.stress)
    chosen = list(found.items())[:MAX_PRONUNCIATIONS]
    return WordCriterion(
        word=word,
        pronunciations=tuple(phones for phones, _ in chosen),
        stress=tuple(stress for _, stress in chosen),
    )


def _stress(said: str) -> str:
    """The digits an author wrote; without any, the first vowel is taken as stressed."""
    symbols = [s for s in said.split() if is_vowel(parse(s)[0])]
    if any(s[-1].isdigit() for s in symbols):
        return "".join(s[-1] if s[-1].isdigit() else "0" for s in symbols)
    return "1".ljust(len(symbols), "0") if symbols else ""
