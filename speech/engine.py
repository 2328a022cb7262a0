"""The engine: hears a take and judges every sound of its text."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor

from speech import audio
from speech.criterion import Criterion, WordCriterion
from speech.errors import SpeechError
from speech.findings import StressFinding, TakeFinding, Verdict
from speech.judge import bundle, completeness, head, outcomes, spanish, stress, transducer, verdicts
from speech.judge import evidence as evidence_of
from speech.judge.evidence import Evidence, symbols
from speech.judge.fluency import fluency
from speech.judge.head import Judgement
from speech.listener.decode import SEARCH, Hypothesis, Search, decode
from speech.listener.features import log_mel, normalise
from speech.thresholds import DEFAULT, Thresholds

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Hearing(NamedTuple):
    """What the listener made of a take."""

    encoded: Tensor  # (T, hidden)
    log_probs: Tensor  # (T, V)
    nbest: tuple[Hypothesis, ...]  # freely decoded, best first, never empty

    @property
    def heard(self) -> tuple[str, ...]:
        """The phones of the best hypothesis."""
        return tuple(each.phone for each in self.nbest[0].phones)


class Judged(NamedTuple):
    """The judge's view of one reference."""

    evidence: Evidence
    judgement: Judgement
    words: Tensor  # (U,) the word of each phone
    gains: Tensor  # (W,) nats a phone by which the take is likelier without a word

    def skipped(self, thresholds: Thresholds) -> list[bool]:
        """For each word, whether it is missing from the take."""
        return [
            gain >= thresholds.skipped
            and float(self.judgement.p_wrong[self.words == word].mean()) >= thresholds.unsure
            for word, gain in enumerate(self.gains.tolist())
        ]


class Engine:
    """A loaded bundle. Thread-safe: nothing changes after loading."""

    def __init__(self, loaded: bundle.EngineBundle) -> None:
        self.listener = loaded.listener
        self.heads = loaded.heads
        self.stress = loaded.stress
        self.thresholds = loaded.thresholds
        self.version = loaded.version

    @classmethod
    def load(cls, folder: Path | None = None, threads: int = 1) -> Engine:
        """Read a bundle (the shipped one by default); `threads` is torch's, for the process."""
        torch.set_num_threads(threads)
        return cls(bundle.load(folder or DEFAULT))

    @torch.inference_mode()
    def hear(
        self, samples: NDArray[np.float32], search: Search = SEARCH, nbest: int = 1
    ) -> Hearing:
        """(N,) samples at 16 kHz -> posteriors and up to `nbest` freely decoded readings."""
        features = normalise(log_mel(torch.from_numpy(samples)))
        if len(features) == 0:
            features = features.new_zeros(1, features.shape[1])
        encoded = self.listener.encoder(features[None])[0]
        log_probs = self.listener.ctc_log_probs(encoded)
        duration_s = len(samples) / audio.RATE
        found = decode(self.listener, encoded, log_probs, search, nbest, duration_s)
        return Hearing(encoded, log_probs, tuple(found))

    @torch.inference_mode()
    def judge(
        self, hearing: Hearing, words: Sequence[Sequence[str]], prior: str = "corpus"
    ) -> Judged:
        """Judge a take against the phones of its words; works for any length of audio.

        `prior`: whose sounds fail how often, those of the corpus's or of Spanish speakers.
        """
        flat = [phone for word in words for phone in word]
        reference = symbols(flat)
        numbers = torch.tensor([i for i, word in enumerate(words) for _ in word])
        log_probs = _long_enough(hearing.log_probs, reference)
        gathered = evidence_of.gather(log_probs, reference)
        transduced = transducer.exchanged(self.listener, hearing.encoded, reference)
        x = head.features(gathered, transduced, log_probs, reference)
        judgement = head.by_prior(self.heads, prior, x, reference, numbers)
        gains = evidence_of.skipped(log_probs, [symbols(word) for word in words])
        return Judged(gathered, judgement, numbers, gains)

    @torch.inference_mode()
    def judge_stress(
        self,
        samples: NDArray[np.float32],
        judged: Judged,
        words: Sequence[Sequence[str]],
        patterns: Sequence[str],
        thresholds: Thresholds,
    ) -> list[StressFinding | None]:
        """Where the stress of each word lay; None where its digits name no syllable of several."""
        reference = symbols([phone for word in words for phone in word])
        looked = stress.look(samples, judged.evidence, reference, words, patterns)
        return [word and self.stress.judge(word, thresholds) for word in looked]

    @torch.inference_mode()
    def choose(self, hearing: Hearing, words: Sequence[WordCriterion]) -> list[tuple[str, ...]]:
        """The accepted pronunciation of each word that the take is likeliest to hold."""
        variants = [word.pronunciations for word in words]
        longest = symbols([phone for word in variants for phone in max(word, key=len)])
        log_probs = _long_enough(hearing.log_probs, longest, spare=2)
        return evidence_of.choose(log_probs, variants)

    def score(
        self,
        samples: NDArray[np.float32],
        criterion: Criterion,
        *,
        deadline_s: float | None = None,
    ) -> TakeFinding:
        """Judge (N,) float32 samples at 16 kHz against a criterion.

        Raises SpeechError: what `audio.check` refuses, and `deadline` (worth another try) if
        the listener alone took longer than `deadline_s` seconds.
        """
        started = time.monotonic()
        notes = audio.check(samples)
        hearing = self.hear(samples)
        if deadline_s is not None and time.monotonic() - started > deadline_s:
            raise SpeechError("deadline", f"{deadline_s} s", permanent=False)
        chosen = self.choose(hearing, criterion.words)
        judged = self.judge(hearing, chosen, criterion.prior)
        thresholds = self.thresholds[criterion.prior].at(criterion.strictness)
        words = verdicts.words(
            [word.word for word in criterion.words],
            chosen,
            judged.evidence,
            judged.judgement,
            judged.skipped(thresholds),
            thresholds,
        )
        patterns = [
            word.stress_of(said) for word, said in zip(criterion.words, chosen, strict=True)
        ]
        lay = self.judge_stress(samples, judged, chosen, patterns, thresholds)
        words = [
            word if word.verdict is Verdict.MISSING else replace(word, stress=found)
            for word, found in zip(words, lay, strict=True)
        ]
        if criterion.prior == "spanish":
            readings = spanish.read_as_spanish(
                hearing.log_probs, [word.word for word in criterion.words], chosen
            )
            words = [
                replace(word, read_as=" ".join(said))
                for word, said in zip(words, readings, strict=True)
            ]
        as_read = [(word.read_as or word.variant).split() for word in words]
        log_probs = _long_enough(hearing.log_probs, symbols([p for word in as_read for p in word]))
        beyond = completeness.beyond(log_probs, hearing.heard, as_read)
        odd = outcomes.find(samples, log_probs, hearing.nbest[0], as_read)
        words = outcomes.withhold(completeness.with_repeats(words, beyond.order), odd.untold)
        told = len(odd.untold) < len(words)
        return TakeFinding(
            text=criterion.text,
            duration_s=round(len(samples) / audio.RATE, 3),
            heard=hearing.heard,
            words=tuple(words),
            accuracy=float(judged.judgement.accuracy),
            model=self.version,
            notes=notes + odd.notes,
            added=beyond.added if told else (),
            fluency=fluency(samples, words) if told else None,
        )


def _long_enough(log_probs: Tensor, reference: Tensor, spare: int = 0) -> Tensor:
    """A take too short for its text cannot hold it: stretched with blanks, all else unlikely."""
    repeats = int((reference[1:] == reference[:-1]).sum())
    short = len(reference) + repeats + spare - len(log_probs)
    if short <= 0:
        return log_probs
    blank = torch.full((short, log_probs.shape[1]), -12.0)
    blank[:, 0] = -1e-3
    return torch.cat([log_probs, blank])
