"""Operating points of red: from where on its precision is enough, a sound at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from speech.phones import PHONES, SYMBOLS
from speech.recipes.phonetic_rnnt.corpora import rows
from speech.recipes.phonetic_rnnt.planted import REDUCED

HOLDS = 0.66  # precision on new speakers: right two times in three teaches (Silpachai 2024)
FEW = 30  # failures of a sound below which plants stand in, and which the pooled point weighs


class Points(NamedTuple):
    """The pooled operating point, those of the sounds allowed red, and a line a sound."""

    pooled: float
    sounds: dict[str, float]
    lines: list[str]

    def red(self, phones: np.ndarray, p_wrong: np.ndarray) -> np.ndarray:
        """(U,) symbols, (U,) -> which are red."""
        least = np.array([self.sounds.get(name, np.inf) for name in SYMBOLS])
        return np.asarray(p_wrong >= least[phones])


def operating_point(p_wrong: np.ndarray, weight: np.ndarray, precision: float) -> float:
    """The lowest threshold from which on the precision of red is at least `precision`.

    `weight` counts what is wrong; what is right counts as minus one. 1 where none is enough.
    """
    order = np.argsort(-p_wrong)
    hits = np.cumsum(weight[order].clip(0))
    red = np.cumsum(np.abs(weight[order]))
    enough = np.nonzero(hits >= precision * red)[0]
    return float(p_wrong[order[enough[-1]]]) if len(enough) else 1.0


def of_sounds(
    phones: np.ndarray,
    p_wrong: np.ndarray,
    wrong: np.ndarray,
    plants: Sequence[tuple[int, float]],
    aim: float,
) -> Points:
    """Points at which red is right `aim` of the times, from (U,) symbols, chances and truths.

    A sound's own point moves toward the pooled one the fewer failures it has. Below FEW of them
    its plants (symbol, p_wrong) join in, weighing together as much as failures at its natural
    rate. A sound whose red would then be right less than HOLDS of the times is left out.
    """
    pooled = operating_point(p_wrong, np.where(wrong, 1.0, -1.0), aim)
    overall = float(wrong.mean())
    sounds, lines = {}, []
    for symbol in np.unique(phones):
        mine = phones == symbol
        p, bad = p_wrong[mine], wrong[mine]
        failures, weight = int(bad.sum()), np.where(bad, 1.0, -1.0)
        exchanged = np.array([q for phone, q in plants if phone == symbol])
        if failures < FEW and len(exchanged):
            rate = (failures + FEW * overall) / (len(bad) + FEW)
            each = rate * len(bad) / len(exchanged)
            p = np.concatenate([p, exchanged])
            weight = np.concatenate([weight, np.full(len(exchanged), each)])
        own = min(operating_point(p, weight, aim), float(p.max()))
        known = failures + (min(FEW, len(exchanged)) if failures < FEW else 0)
        share = known / (known + FEW)
        point = expit(share * logit(own) + (1 - share) * logit(pooled))
        precision, recall = _at(point, p, weight)
        allowed = precision >= HOLDS
        name = SYMBOLS[symbol]
        if allowed:
            sounds[name] = round(point, 4)
        lines.append(
            f"{name:3} {failures:4} failures of {len(bad):5}, {len(exchanged):4} plants: from"
            f" {point:.3f} precision {precision:.2f} recall {recall:.2f}"
            f" {'red' if allowed else 'never red'}"
        )
    return Points(pooled, sounds, lines)


def of_people(
    phones: np.ndarray,
    p_wrong: np.ndarray,
    wrong: np.ndarray,
    takes: np.ndarray,
    plants: Sequence[tuple[int, float]],
    rates: Mapping[str, float],
    aim: float,
    clean: float,
) -> Points:
    """Points for people who fail each sound at its one of `rates`, plants being their failures.

    What is right comes from well-read takes, as plants do (`takes` (U,): their numbers from 0, -1
    elsewhere). One point for all sounds, the lowest that leaves `clean` of those takes without
    red; a higher one for a sound whose red would be right less than `aim` of the times there, and
    none for one that never is. Without plants a sound goes by the learners' own failures.
    """
    least, samples = {}, {}
    for symbol in np.unique(phones):
        mine = phones == symbol
        exchanged = np.array([q for phone, q in plants if phone == symbol])
        if len(exchanged):
            right = p_wrong[mine & ~wrong & (takes >= 0)]
            rate = rates[SYMBOLS[symbol]]
            each = rate / (1 - rate) * len(right) / len(exchanged)
            weight = np.concatenate([np.full(len(right), -1.0), np.full(len(exchanged), each)])
            samples[symbol] = np.concatenate([right, exchanged]), weight
        else:
            samples[symbol] = p_wrong[mine], np.where(wrong[mine], 1.0, -1.0)
        own = operating_point(*samples[symbol], aim)
        if own < 1:
            least[symbol] = own
    inside = (takes >= 0) & np.isin(phones, list(least))
    # A take turns red at the highest point that any of its sounds still passes.
    floor = np.array([least.get(symbol, 1.0) for symbol in phones[inside]])
    passed = np.where(p_wrong[inside] >= floor, p_wrong[inside], 0.0)
    highest = np.zeros(int(takes.max()) + 1)
    np.maximum.at(highest, takes[inside], passed)
    pooled = float(np.quantile(highest, clean)) + 1e-4
    sounds, lines = {}, []
    for symbol, (p, weight) in samples.items():
        name = SYMBOLS[symbol]
        line = f"{name:3} {int((weight > 0).sum()):4} failures, rate {rates[name]:.2f}: "
        if symbol not in least:
            lines.append(f"{line}never red")
            continue
        sounds[name] = round(max(pooled, least[symbol]), 4)
        precision, recall = _at(sounds[name], p, weight)
        lines.append(f"{line}from {sounds[name]:.3f} precision {precision:.2f} recall {recall:.2f}")
    return Points(pooled, sounds, lines)


def _at(point: float, p_wrong: np.ndarray, weight: np.ndarray) -> tuple[float, float]:
    """Precision and recall of red from a point on."""
    red = p_wrong >= point
    hits = float(weight[red].clip(0).sum())
    precision = hits / max(1e-9, float(np.abs(weight[red]).sum()))
    return precision, hits / max(1e-9, float(weight.clip(0).sum()))


def expit(x: float) -> float:
    return float(1 / (1 + np.exp(-x)))


def logit(p: float) -> float:
    p = min(max(p, 1e-6), 1 - 1e-6)
    return float(np.log(p / (1 - p)))


def spanish_rates(path: Path) -> dict[str, float]:
    """How often each phone fails among L2-ARCTIC's Spanish speakers, by `confusions.tsv`.

    Rates of few cases move to the mean.
    """
    errors: Counter[str] = Counter()
    totals: dict[str, int] = {}
    for row in rows(path):
        if row["source"] == "l2-arctic" and row["canonical"] != "-":
            errors[REDUCED.get(row["canonical"], row["canonical"])] += int(row["count"])
            totals[row["canonical"]] = int(row["canonical_total"])
    of: Counter[str] = Counter()
    for canonical, total in totals.items():
        of[REDUCED.get(canonical, canonical)] += total
    mean = sum(errors.values()) / sum(of.values())
    return {name: (errors[name] + FEW * mean) / (of[name] + FEW) for name in PHONES}
