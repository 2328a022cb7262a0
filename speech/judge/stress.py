"""Lexical stress: which syllable of a word stood out, and whether a teacher would mark it.

Two logistic models, small because marks are few. The first says which syllable stood out, from
what stress is made of in English (Fry 1958: duration, loudness, pitch; vowel quality), each
compared with the word's other syllables, learnt from words whose stress every expert accepted.
The second says how likely a teacher is to mark the word, from that and from how well the word and
the take were said: the experts' marks of stress follow both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import pad

from speech.findings import StressFinding, Verdict
from speech.judge.evidence import Evidence
from speech.listener.decode import FRAME_S
from speech.listener.features import RATE
from speech.phones import INDEX, is_vowel
from speech.thresholds import Thresholds

HOP = 320  # 20 ms
WINDOW = 640  # 40 ms: three periods of the lowest voice
N_FFT = 1024
LAGS = (RATE // 400, RATE // 75)  # samples; pitch is looked for from 75 to 400 Hz
HARMONICS = 64  # bins, up to 1 kHz, in which it is looked for
BANDS_HZ = ((60, 7000), (60, 500), (500, 2000), (2000, 5000))  # all, low, middle, high
FLOOR = 1e-3  # energy added, so that silence has a logarithm
OCTAVE = 0.05  # autocorrelation that an octave lower must be better by
VOICED = 0.45  # autocorrelation from which a frame has a pitch
REDUCED = torch.tensor([INDEX[vowel] for vowel in ("AH", "IH", "ER")]) - 1
LEAST = -12.0  # nats: evidence below it is all the same

SYLLABLE = 9  # features of a syllable
WORD = 14  # features of a word, its stress among them


class Word(NamedTuple):
    """A word of two syllables or more, as the models see it."""

    syllables: Tensor  # (S, SYLLABLE) against the word's mean
    expected: int  # the syllable to be stressed
    rest: Tensor  # (WORD - 1,) how well the word and the take were said


class Stress(nn.Module):
    """Both models; linear, on features as they are."""

    def __init__(self) -> None:
        super().__init__()
        self.prominence = nn.Linear(SYLLABLE, 1, bias=False)
        self.wrong = nn.Linear(WORD, 1)

    def stood_out(self, word: Word) -> Tensor:
        """(S,) log probability of each syllable to be the one that stood out."""
        return self.prominence(word.syllables)[:, 0].log_softmax(0)

    def features(self, word: Word) -> Tensor:
        """(WORD,) what the second model looks at."""
        return torch.cat([self.stood_out(word)[word.expected, None], word.rest])

    @torch.no_grad()
    def judge(self, word: Word, thresholds: Thresholds) -> StressFinding:
        """Wrong only where another syllable stood out; so is unsure, on either model's word."""
        stood_out = self.stood_out(word).exp()
        p_wrong = float(self.wrong(self.features(word)).sigmoid())
        heard = int(stood_out.argmax())
        verdict = Verdict.RIGHT
        if heard != word.expected:
            moved = 1 - float(stood_out[word.expected])
            if p_wrong > thresholds.stress_wrong:
                verdict = Verdict.WRONG
            elif p_wrong > thresholds.stress_unsure or moved > thresholds.stress_moved:
                verdict = Verdict.UNSURE
        return StressFinding(word.expected, heard, verdict, round(p_wrong, 4))


def expected(pattern: str) -> int | None:
    """The syllable to be stressed by a pattern such as '010'; None for one, or none stressed."""
    if len(pattern) < 2:
        return None
    return next((pattern.index(digit) for digit in "12" if digit in pattern), None)


def prosody(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """(N,) samples at 16 kHz -> (1 + N // 320, 6), 50 frames a second.

    Columns: log energy of BANDS_HZ, log pitch in Hz, and how periodic the frame is (up to 1): the
    greatest autocorrelation over that of the window, low pitches costing a little (Boersma 1993).
    """
    window, lags, costs, bands = _window()
    frames = pad(torch.from_numpy(samples), (WINDOW // 2, WINDOW // 2)).unfold(-1, WINDOW, HOP)
    power = torch.view_as_real(torch.fft.rfft(frames * window, N_FFT)).square().sum(-1)
    energy = torch.log(power @ bands + FLOOR)
    harmonics = power[:, :HARMONICS]
    periodic, lag = (harmonics @ lags / (harmonics.sum(1, keepdim=True) + FLOOR) - costs).max(1)
    pitch = torch.log(RATE / (lag + LAGS[0]))
    return torch.cat([energy, pitch[:, None], periodic[:, None]], 1).numpy()


@cache
def _window() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The window; power to autocorrelation over its own (HARMONICS, lags), the cost of each lag;
    power to bands (bins, 4).
    """
    window = torch.hann_window(WINDOW)
    own = torch.fft.irfft(torch.fft.rfft(window, N_FFT).abs().square())
    lag = torch.arange(*LAGS)
    turns = torch.arange(HARMONICS)[:, None] * lag / N_FFT
    hz = torch.fft.rfftfreq(N_FFT, 1 / RATE)[:, None]
    low, high = torch.tensor(BANDS_HZ).T
    bands = ((hz >= low) & (hz < high)).float()
    costs = OCTAVE * torch.log2(lag / LAGS[0])
    return window, torch.cos(2 * torch.pi * turns) * own[0] / own[lag], costs, bands


def look(
    samples: NDArray[np.float32],
    evidence: Evidence,
    reference: Tensor,
    words: Sequence[Sequence[str]],
    patterns: Sequence[str],
) -> list[Word | None]:
    """What there is to judge the stress of each word by; None where none is to be judged.

    (N,) samples at 16 kHz, the evidence for the (U,) reference symbols, the phones of the words
    and a stress digit for every vowel of each ('' or '00' to leave a word out).
    """
    wanted = [
        expected(pattern) if len(pattern) == sum(map(is_vowel, phones)) else None
        for phones, pattern in zip(words, patterns, strict=True)
    ]
    if not any(at is not None for at in wanted):
        return [None] * len(words)
    return list(_words(prosody(samples), evidence, reference, words, wanted))


def _words(
    frames: NDArray[np.float32],
    evidence: Evidence,
    reference: Tensor,
    words: Sequence[Sequence[str]],
    wanted: Sequence[int | None],
) -> Iterator[Word | None]:
    choices = torch.cat([evidence.exchanged[:, 1:], evidence.deleted[:, None]], 1).log_softmax(1)
    said = choices.gather(1, reference[:, None] - 1)[:, 0].clamp_min(LEAST).numpy()
    reduced = choices[:, REDUCED].logsumexp(1).clamp_min(-10).numpy()
    added = (evidence.inserted[:, 1:].amax(1) - evidence.total).clamp(-10, 10).numpy()
    centre = evidence.centre.numpy()
    edges = np.concatenate([centre[:1] - 3, centre, centre[-1:] + 3])
    spans = (edges * FRAME_S * RATE / HOP).round().astype(int).clip(0, len(frames) - 1)
    gaps = np.log(np.diff(centre).clip(0.5)) if len(centre) > 1 else np.zeros(1)
    take = [said.mean(), added.mean(), gaps.mean(), gaps.std(), np.log(len(said))]
    voiced = frames[(frames[:, 5] > 0.5) & (frames[:, 0] > frames[:, 0].max() - 8), 4]
    pitch = float(np.median(voiced)) if len(voiced) else 5.0

    first = 0
    for phones, at in zip(words, wanted, strict=True):
        last = first + len(phones) - 1
        vowels = [first + i for i, phone in enumerate(phones) if is_vowel(phone)]
        if at is None:
            first = last + 1
            yield None
            continue
        nexts = [*(centre[vowels[1:]]), edges[last + 2] + 0.5]
        rows = np.array(
            [
                [
                    *_sound(frames[spans[u] : max(spans[u + 2], spans[u] + 2)], pitch),
                    np.log(max(spans[u + 2] - spans[u], 2)),
                    np.log(max(following - centre[u], 0.5)),
                    reduced[u],
                ]
                for u, following in zip(vowels, nexts, strict=True)
            ]
        )
        place = np.zeros((len(vowels), 2))
        place[0, 0] = place[-1, 1] = 1  # pitch falls, and a last syllable is longer
        others = [u for u in vowels if u != vowels[at]]
        span = (centre[last] - centre[first]) / max(1, last - first)
        rest = [
            at == len(vowels) - 1,
            len(vowels) - 2,
            said[vowels[at]],
            said[others].mean(),
            said[first : last + 1].mean(),
            added[first + 1 : last + 1].max(),
            np.log(span + 0.5),
            np.log(len(phones)),
        ]
        first = last + 1
        yield Word(
            torch.from_numpy(np.concatenate([rows - rows.mean(0), place], 1)).float(),
            at,
            torch.tensor([*rest, *take]).float(),
        )


def _sound(frames: NDArray[np.float32], pitch: float) -> tuple[float, float, float, float]:
    """Loudness, two tilts of the spectrum and log pitch of the loudest third of (F, 6) frames."""
    loud = frames[np.argsort(-frames[:, 0])[: max(1, len(frames) // 3)]]
    whole, low, middle, high, _, _ = loud.mean(0)
    told = np.where(loud[:, 5] > VOICED, loud[:, 4].clip(pitch - 0.5, pitch + 0.5), pitch)
    return whole, middle - low, high - low, told.mean()
