"""Who hears what, settled beforehand: every pair of conditions in both orders equally often.

Passage i is given to person n in cell (i + n) mod 6: within one person each cell comes as often as
any other, and over six persons in a row each passage comes once in every cell (a Latin square;
Bradley 1958, 'Complete counterbalancing of immediate sequential effects'). Passages come in blocks
of six with all cells, so that who stops half way has still heard a balanced half.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import permutations
from typing import NamedTuple

from learning.models import Trial

CONDITIONS = tuple(Trial.Condition)
CELLS = tuple(permutations(CONDITIONS, 2))  # every pair in both orders


class Planned(NamedTuple):
    passage: str
    first: str
    second: str


def plan(number: int, passages: Sequence[str]) -> list[Planned]:
    """The pairs of person `number`, in the order they are heard; the same whenever asked."""
    shuffled = random.Random(number).sample
    cells = [Planned(key, *CELLS[(at + number) % len(CELLS)]) for at, key in enumerate(passages)]
    blocks = [cells[at : at + len(CELLS)] for at in range(0, len(cells), len(CELLS))]
    begin = number // len(CELLS) % len(blocks)  # every block comes first equally often
    blocks = blocks[begin:] + blocks[:begin]
    return [each for block in blocks for each in shuffled(block, len(block))]
