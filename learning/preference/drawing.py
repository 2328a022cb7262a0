"""The result as a picture, in whole units that any language writes alike, with its figures."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import formats

from learning.preference.report import Pair, Report
from learning.preference.statistics import Interval

WIDTH, LEFT, BAR = 640, 20, 600  # the bar is 100 %
TOP, ROW = 8, 116  # a row has names, the bar of all answers, the share with its intervals
UNIT = "\N{NO-BREAK SPACE}%"
LEAST = 0.001  # smaller p-values are told apart by nobody


@dataclass(frozen=True)
class Segment:
    """A part of the bar: those for the left one, for none, for the right one."""

    kind: str
    x: int
    width: int
    percent: int


@dataclass(frozen=True)
class Row:
    """A pair; its intervals are of the left one's share among the decided votes."""

    pair: Pair
    y: int
    segments: tuple[Segment, ...]
    point: int
    wilson: tuple[int, int]
    bootstrap: tuple[int, int] | None

    @property
    def share(self) -> str:
        return percent(self.pair.share) if self.pair.decided else "–"

    @property
    def wilson_says(self) -> str:
        return between(self.pair.wilson) if self.pair.decided else "–"

    @property
    def bootstrap_says(self) -> str:
        return between(self.pair.bootstrap) if self.pair.bootstrap else "–"

    @property
    def p_votes_says(self) -> str:
        return chance(self.pair.p_votes) if self.pair.decided else "–"

    @property
    def p_persons_says(self) -> str:
        return chance(self.pair.p_persons) if self.pair.decided else "–"


@dataclass(frozen=True)
class Picture:
    rows: tuple[Row, ...]
    height: int
    first_share: str  # of what was heard first
    first_wilson: str
    width: int = WIDTH
    left: int = LEFT
    middle: int = LEFT + BAR // 2
    right: int = LEFT + BAR


def picture(report: Report) -> Picture:
    rows = tuple(_row(pair, TOP + at * ROW) for at, pair in enumerate(report.pairs))
    return Picture(
        rows,
        TOP + len(rows) * ROW,
        percent(report.first_share) if report.decided else "–",
        between(report.first_wilson),
    )


def percent(share: float) -> str:
    return f"{round(100 * share)}{UNIT}"


def between(interval: Interval) -> str:
    return f"{round(100 * interval.low)}–{round(100 * interval.high)}{UNIT}"


def chance(p: float) -> str:
    """A p-value as it is written here; no small one is called zero."""
    return f"< {formats.localize(LEAST)}" if p < LEAST else formats.localize(round(p, 3))


def _row(pair: Pair, y: int) -> Row:
    segments, x = [], LEFT
    for kind, share in zip(("left", "same", "right"), pair.shares, strict=True):
        width = round(BAR * share)
        segments.append(Segment(kind, x, width, round(100 * share)))
        x += width
    over_persons = _across(pair.bootstrap) if pair.bootstrap else None
    return Row(pair, y, tuple(segments), _at(pair.share), _across(pair.wilson), over_persons)


def _across(interval: Interval) -> tuple[int, int]:
    return _at(interval.low), _at(interval.high)


def _at(share: float) -> int:
    """On an axis whose left end is all for the left one."""
    return LEFT + round(BAR * (1 - share))
