"""A sitting: which exercises are drawn, what comes next, and how it went. Pure rules."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

TURNS, SPOKEN_TURNS = 3, 2  # an exercise that does not go right comes no more often


@dataclass(frozen=True)
class Turn:
    """One exercise, answered once."""

    exercise: int
    right: bool


def upcoming(
    drawn: Sequence[int],
    turns: Sequence[Turn],
    *,
    spoken: Collection[int] = (),
    repeats: bool = True,
) -> list[int]:
    """What is left, in order: the new, then (unless it is a quiz) what went wrong, oldest first."""
    tried = [turn.exercise for turn in turns]
    left = [exercise for exercise in drawn if exercise not in tried]
    if not repeats:
        return left
    last = {turn.exercise: turn.right for turn in turns}
    oldest = sorted(last, key=lambda exercise: len(tried) - tried[::-1].index(exercise))
    return left + [
        exercise
        for exercise in oldest
        if not last[exercise]
        and exercise in drawn
        and tried.count(exercise) < (SPOKEN_TURNS if exercise in spoken else TURNS)
    ]


def first_tries(turns: Sequence[Turn]) -> dict[int, bool]:
    """Exercise -> whether it went right the first time."""
    found: dict[int, bool] = {}
    for turn in turns:
        found.setdefault(turn.exercise, turn.right)
    return found


def score(drawn: Collection[int], turns: Sequence[Turn]) -> float:
    """The share that went right the first time."""
    tries = first_tries(turns)
    return sum(tries.get(exercise, False) for exercise in drawn) / max(1, len(drawn))


def draw(slug: str, pools: Sequence[Mapping[str, Any]], times: int) -> list[str]:
    """The keys a quiz asks the `times`-th time (from 0): each pool goes round, so others come."""
    drawn: list[str] = []
    for number, pool in enumerate(pools):
        keys = sorted(pool["exercises"])
        random.Random(f"{slug} {number}").shuffle(keys)
        start, take = times * pool["take"], min(pool["take"], len(keys))
        drawn += [keys[(start + at) % len(keys)] for at in range(take)]
    random.Random(f"{slug} {times}").shuffle(drawn)
    return drawn
