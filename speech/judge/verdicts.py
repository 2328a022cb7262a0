"""From probabilities to what a learner is told: verdicts of sounds, syllables and words."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from speech.anatomy import Judged, word_finding
from speech.findings import Verdict, WordFinding
from speech.judge import completeness, spanish
from speech.judge.evidence import Evidence
from speech.judge.head import Judgement
from speech.listener.decode import FRAME_S
from speech.phones import INDEX, SYMBOLS, is_vowel
from speech.thresholds import Thresholds

# What Spanish speakers put before s + consonant; others are not looked for.
ADDED = ("EH", "EY", "AH", "IH", "es_e")
ADDED_S = 0.08  # its usual length
FINAL_S = ("S", "Z")


def of(phone: str, p_wrong: float, thresholds: Thresholds) -> Verdict:
    """Red from the sound's operating point on, unsure just below it."""
    if thresholds.is_red(phone, p_wrong):
        return Verdict.WRONG
    return Verdict.UNSURE if p_wrong >= thresholds.unsure else Verdict.RIGHT


def likeliest(evidence: Evidence, at: int, reference: int) -> str | None:
    """What was said instead of phone `at`; None if nothing was.

    The evidence is weighed by how often Spanish speakers make each exchange, so that a learner
    is told of a likely sound rather than of any that fits as well.
    """
    weighed = evidence.exchanged[at] + spanish.exchanges()[reference]
    best = int(weighed.argmax())
    nothing = evidence.deleted[at] + spanish.deletions()[reference]
    return None if nothing > weighed[best] else SYMBOLS[best]


def phone(
    evidence: Evidence,
    judgement: Judgement,
    at: int,
    name: str,
    thresholds: Thresholds,
    skipped: bool,
    last: bool,
) -> tuple[Verdict, str | None]:
    """Verdict of reference phone `at`, of a word that was skipped or not, and what was said.

    `last`: it ends its word. An s there carries grammar (plural, third person), and teachers of
    words hardly mark its loss: the likelihood of the take without it decides.
    """
    if skipped:
        return Verdict.MISSING, None
    if last and name in FINAL_S and completeness.dropped(evidence, at) >= completeness.DROPPED:
        return Verdict.MISSING, None
    verdict = of(name, float(judgement.p_wrong[at]), thresholds)
    if verdict is Verdict.RIGHT:
        return verdict, name
    said = likeliest(evidence, at, INDEX[name])
    if said is None and verdict is Verdict.WRONG:
        return Verdict.MISSING, None
    return verdict, said


def spans(occupancy: Tensor) -> list[tuple[float, float]]:
    """Seconds of every phone: from its first likely frame to the next phone's."""
    frames = len(occupancy)
    active = occupancy > 0.5
    starts: list[int] = []
    for u in range(occupancy.shape[1]):
        at = (
            int(active[:, u].float().argmax())
            if bool(active[:, u].any())
            else int(occupancy[:, u].argmax())
        )
        starts.append(max(at, starts[-1] if starts else 0))
    out = []
    for u, start in enumerate(starts):
        following = starts[u + 1] if u + 1 < len(starts) else frames
        last = int(torch.nonzero(active[:, u])[-1]) + 1 if bool(active[:, u].any()) else start + 1
        end = min(following, max(last, start + 1) + 4)
        out.append((round(start * FRAME_S, 3), round(max(end, start + 1) * FRAME_S, 3)))
    return out


def added(evidence: Evidence, position: int) -> tuple[float, str]:
    """The likeliest vowel put before a reference position, and how many nats it gains."""
    gains = evidence.inserted[position] - evidence.total
    return max((float(gains[INDEX[name]]), name) for name in ADDED)


def takes_vowel(phones: Sequence[str]) -> bool:
    """Only before an initial s + consonant is an added vowel looked for."""
    return len(phones) > 1 and phones[0] == "S" and not is_vowel(phones[1])


def words(
    texts: Sequence[str],
    chosen: Sequence[tuple[str, ...]],
    evidence: Evidence,
    judgement: Judgement,
    skipped: Sequence[bool],
    thresholds: Thresholds,
) -> list[WordFinding]:
    """One finding a word; `chosen` are the pronunciations that were judged."""
    times = spans(evidence.occupancy)
    out: list[WordFinding] = []
    first = 0
    for number, (text, phones) in enumerate(zip(texts, chosen, strict=True)):
        judged: list[Judged] = []
        if takes_vowel(phones):
            gain, vowel = added(evidence, first)
            if gain >= thresholds.extra:
                start = times[first][0]
                before = max(0.0, round(start - ADDED_S, 3))
                judged.append(Judged(None, vowel, Verdict.EXTRA, 0.0, before, start, 1.0))
        for i, name in enumerate(phones):
            at = first + i
            last = i + 1 == len(phones)
            verdict, said = phone(evidence, judgement, at, name, thresholds, skipped[number], last)
            score = round(float(judgement.score[at]), 3)
            p_wrong = round(float(judgement.p_wrong[at]), 4)
            judged.append(Judged(i, said, verdict, score, *times[at], p_wrong))
        out.append(word_finding(text, phones, judged, float(judgement.word[number])))
        first += len(phones)
    return out
