"""Takes that are something else than their text: named outcomes, told by evidence.

The sounds of a take that is another text, no voice at all or another language get no verdict
(`withhold`): a red carpet would say that they were wrong, when they were not even tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from torch import Tensor

from speech import vad
from speech.alignment import align
from speech.audio import RATE
from speech.findings import SyllableFinding, Verdict, WordFinding
from speech.judge.evidence import likelihoods, skipped, symbols
from speech.listener.decode import Hypothesis

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Words = Sequence[Sequence[str]]

# All chosen on `dev`; `suite_reading` of the recipe measures them.
STRANGE = 2.45  # nats a phone of `strangeness` that make a take another text
STRANGE_PART = 1.5  # the same of its best beginning or end, lest half a text be another
_BACKWARDS = 0.5  # weight in it of the text's lead over itself backwards
_TURNS = 6  # ways to say a text backwards: from its end, and from places within it
VOICED = 0.1  # share of a take that is speech; with less it holds no voice
LAUGHTER = 8  # phones that laughter has at least ...
KINDS = 0.3  # ... and kinds of phones among them, for each phone at most
SPANISH = 0.25  # share of Spanish phones of what is in Spanish
STRETCH = 5  # phones it must have
ALL_SPANISH = 0.4  # the same share where all of a take is in Spanish, and not a part
SUPPORT = 2.0  # nats a phone by which a word that was heard makes the take likelier
MUDDLE = 0.5  # nats of doubt a frame, on the mean, of voices that lie over each other


class Oddities(NamedTuple):
    """Codes of what is odd, and the words that nothing can be told of."""

    notes: tuple[str, ...]
    untold: frozenset[int]


def find(
    samples: NDArray[np.float32],
    log_probs: Tensor,
    free: Hypothesis,
    words: Words,
) -> Oddities:
    """Whether a take is something else than its text, as a whole or in part.

    (N,) samples at 16 kHz and what was heard of them: (T, V) log posteriors, T enough for the
    phones of `words`, and the best free reading. `words` are as they were read, those read as in
    Spanish too, lest that count as another text. The codes: `not_speech` (music, noise, laughter),
    `other_language` and `other_text` are of the whole take; `language_switch` (to Spanish) of the
    words untold; `two_voices` says that the verdicts deserve less trust.
    """
    heard = [each.phone for each in free.phones]
    every = frozenset(range(len(words)))
    strange = strangeness(log_probs, free, words) >= STRANGE
    if strange and not is_speech(samples, heard):
        return Oddities(("not_speech",), every)
    if strange and is_spanish(heard, ALL_SPANISH):
        return Oddities(("other_language",), every)
    notes: list[str] = []
    untold: frozenset[int] = frozenset()
    if any(phone.startswith("es_") for phone in heard):
        stretch, instead = unexplained(log_probs, heard, words)
        if instead and is_spanish(stretch):
            notes.append("language_switch")
            untold = instead
    if strange and not notes:
        part = begun_or_ended(log_probs, words)
        if strangeness(log_probs, free, part) >= STRANGE_PART:
            return Oddities(("other_text",), every)
    if muddle(log_probs) >= MUDDLE:
        notes.append("two_voices")
    return Oddities(tuple(notes), untold)


def strangeness(log_probs: Tensor, free: Hypothesis, words: Words) -> float:
    """How far the take is from its text, in nats a phone: near -1 when read well, 6 when not.

    How much likelier the best free reading is than the text, less some of how much likelier the
    text is than the same phones backwards. The latter tells a bad or noisy reading, which still
    has the text's order, from another text; the former tells single words.
    """
    flat = [phone for word in words for phone in word]
    count = len(flat)
    turns = sorted({turn * count // _TURNS for turn in range(_TURNS)})
    backwards = [(flat[at:] + flat[:at])[::-1] for at in turns]
    own, *others = likelihoods(log_probs, [symbols(each) for each in (flat, *backwards)]).tolist()
    gap = (free.log_prob - own) / max(count, len(free.phones))
    lead = (own - sum(others) / len(others)) / count
    return float(gap - _BACKWARDS * lead)


def begun_or_ended(log_probs: Tensor, words: Words) -> Words:
    """The beginning or the end of a text that a take holds likeliest: some read but a part."""
    cuts = range(1, len(words))
    parts = [words, *(words[:at] for at in cuts), *(words[at:] for at in cuts)]
    flat = [symbols([phone for word in part for phone in word]) for part in parts]
    return parts[int(likelihoods(log_probs, flat).argmax())]


def is_speech(samples: NDArray[np.float32], heard: Sequence[str]) -> bool:
    """Whether silero's detector hears a voice, and that voice more than the same again and again.

    Laughter is a voice too, but of a breath and a vowel.
    """
    voiced = sum(end - start for start, end in vad.speech_spans(samples))
    if voiced < VOICED * len(samples) / RATE:
        return False
    return len(heard) < LAUGHTER or len(set(heard)) > KINDS * len(heard)


def is_spanish(phones: Sequence[str], share: float = SPANISH) -> bool:
    """Whether phones that only Spanish has are as many among them as in Spanish."""
    spanish = sum(phone.startswith("es_") for phone in phones)
    return len(phones) >= STRETCH and spanish >= share * len(phones)


def unexplained(
    log_probs: Tensor, heard: Sequence[str], words: Words
) -> tuple[list[str], frozenset[int]]:
    """The longest run of heard phones that is no word of the text, and the words it stands for."""
    gains = skipped(log_probs, [symbols(word) for word in words]).tolist()
    said = [at for at, gain in enumerate(gains) if gain < -SUPPORT and not _fits_all(words[at])]
    place = [at for at in said for _ in words[at]]
    longest: list[str] = []
    instead: frozenset[int] = frozenset()
    before = -1  # the last word that was heard
    for extra, steps in groupby(
        align([phone for at in said for phone in words[at]], heard), lambda pair: pair.ref is None
    ):
        pairs = list(steps)
        if not extra:
            before = place[pairs[-1].ref or 0]
        elif len(pairs) > len(longest):
            longest = [heard[pair.heard] for pair in pairs if pair.heard is not None]
            after = next((at for at in said if at > before), len(words))
            instead = frozenset(range(before + 1, after))
    return longest, instead


def _fits_all(word: Sequence[str]) -> bool:
    """Whether a word is so short a Spanish reading that any Spanish holds it."""
    return len(word) < STRETCH - 1 and any(phone.startswith("es_") for phone in word)


def muddle(log_probs: Tensor) -> float:
    """Mean entropy of the (T, V) log posteriors, in nats: the listener cannot follow two voices."""
    return float(-(log_probs.exp() * log_probs).sum(1).mean())


def withhold(words: Sequence[WordFinding], untold: frozenset[int]) -> list[WordFinding]:
    """The findings with no verdict on the words that nothing can be told of."""
    return [_withheld(word) if at in untold else word for at, word in enumerate(words)]


def _withheld(word: WordFinding) -> WordFinding:
    return replace(
        word,
        verdict=Verdict.UNSURE,
        phones=tuple(
            replace(phone, verdict=Verdict.UNSURE, said=None)
            for phone in word.phones
            if phone.phone is not None
        ),
        syllables=tuple(SyllableFinding(each.text, Verdict.UNSURE) for each in word.syllables),
        read_as="",
        stress=None,
        repeats=0,
    )
