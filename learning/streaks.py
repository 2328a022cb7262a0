"""Days of learning: how long, how much, and how many in a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Profile
from learning.models import Day

PAUSE_S = 120  # more between two answers is a pause, in which nobody learns
ONE_ANSWER_S = 15  # what an answer after a pause counts for
FORGIVEN = 1  # days in a row that may be missed
_DAY = timedelta(days=1)


def count(
    profile: Profile, at: datetime, answers: int = 0, lessons: int = 0, pages: int = 0
) -> None:
    """Add to the day that it is here. Answers may arrive in any order."""
    with transaction.atomic(savepoint=False):
        day, _ = Day.objects.select_for_update().get_or_create(
            profile=profile, day=timezone.localdate(at)
        )
        day.answers += answers
        day.lessons += lessons
        day.pages += pages
        day.seconds += _seconds(day.last_at, at)
        day.last_at = at
        day.save()


def _seconds(last: datetime | None, at: datetime) -> int:
    """Time learnt since the last answer. A clock that went backwards adds nothing."""
    if last is None:
        return ONE_ANSWER_S
    since = round((at - last).total_seconds())
    return ONE_ANSWER_S if since > PAUSE_S else max(0, since)


@dataclass(frozen=True)
class Streak:
    """Days of learning in a row; one missed between two does not count, and does no harm."""

    days: int
    best: int
    today: bool  # whether today is among them


def streak(days: Sequence[date], today: date) -> Streak:
    """From the days on which somebody learnt; those after today are a clock's mistake."""
    runs: list[int] = []
    last: date | None = None
    for day in sorted(day for day in days if day <= today):
        if last is None or not _goes_on(last, day):
            runs.append(0)
        runs[-1] += 1
        last = day
    alive = last is not None and _goes_on(last, today)
    return Streak(runs[-1] if alive else 0, max(runs, default=0), last == today)


def _goes_on(last: date, day: date) -> bool:
    return day - last <= (FORGIVEN + 1) * _DAY
