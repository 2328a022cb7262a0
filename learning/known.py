"""How far a learner has come, for the page of progress: what is known, and the days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Avg, Count, IntegerField, Q
from django.db.models.functions import Cast
from django.utils import timezone

from accounts.models import Profile
from learning import scheduling
from learning.models import Answer, Day, Item, Review, Word
from learning.sounds import Picture
from learning.streaks import Streak, streak

ALBUM = 24  # stickers shown, the newest
WEEK = 7
MONTH = 30
FULL_S = 8 * 60  # a day of this length has the tallest feather
KNOWN = Q(stability__gte=scheduling.KNOWN_DAYS)


@dataclass(frozen=True)
class Tally:
    """Items of one kind: known, met, and in the whole course."""

    known: int = 0
    met: int = 0
    taught: int = 0

    @property
    def learning(self) -> int:
        return self.met - self.known


@dataclass(frozen=True)
class DayOfWeek:
    """One of the last days."""

    day: date
    seconds: int
    answers: int
    pages: int  # of books
    today: bool

    @property
    def minutes(self) -> int:
        return minutes(self.seconds)

    @property
    def picture(self) -> Picture | None:
        """A feather, the taller the longer the day; none for a day off."""
        return Picture([min(1.0, self.seconds / FULL_S)]) if self.answers or self.pages else None


@dataclass(frozen=True)
class Days:
    """The days of a learner."""

    week: tuple[DayOfWeek, ...]  # the last seven, today at the end
    streak: Streak
    seconds: int  # in all
    month: int  # days with something learnt out of the last thirty
    lessons: int  # gone through, in all

    @property
    def minutes(self) -> int:
        return minutes(self.seconds)

    @property
    def minutes_of_week(self) -> int:
        return minutes(sum(day.seconds for day in self.week))

    @property
    def answers_of_week(self) -> int:
        return sum(day.answers for day in self.week)

    @property
    def pages_of_week(self) -> int:
        return sum(day.pages for day in self.week)


@dataclass(frozen=True)
class Reviews:
    """How many items are due."""

    today: int
    tomorrow: int
    week: int  # today and the six days after


def minutes(seconds: int) -> int:
    """Rounded, but something is never nothing."""
    return max(1, round(seconds / 60)) if seconds else 0


def tallies(profile: Profile | None) -> dict[str, Tally]:
    """By kind of item, in two queries."""
    taught = Item.objects.filter(retired=False).filter(
        Q(lesson__published=True) | Q(kind=Item.Kind.SOUND)
    )
    total = dict(taught.order_by().values_list("kind").annotate(Count("pk")))
    rows = Review.objects.filter(profile=profile, item__retired=False).values("item__kind")
    rows = rows.annotate(known=Count("pk", filter=KNOWN), met=Count("pk"))
    met = {
        kind: (known, met) for kind, known, met in rows.values_list("item__kind", "known", "met")
    }
    return {kind: Tally(*met.get(kind, (0, 0)), total.get(kind, 0)) for kind in Item.Kind.values}


def album(profile: Profile | None) -> list[Word]:
    """Words known that have a picture, those reviewed last in front."""
    known = Word.objects.filter(
        reviews__profile=profile, reviews__stability__gte=scheduling.KNOWN_DAYS, retired=False
    )
    return list(known.exclude(emoji="").order_by("-reviews__last_review", "pk")[:ALBUM])


def days(profile: Profile | None, now: datetime) -> Days:
    """Of all days that somebody learnt; one query."""
    today = timezone.localdate(now)
    learnt = Q(answers__gt=0) | Q(pages__gt=0)
    rows = Day.objects.filter(learnt, profile=profile, day__lte=today)
    found = {row.day: row for row in rows}
    last = [today - timedelta(days=ago) for ago in reversed(range(WEEK))]
    return Days(
        tuple(_day(day, found.get(day), today) for day in last),
        streak(list(found), today),
        sum(row.seconds for row in found.values()),
        sum(day > today - timedelta(days=MONTH) for day in found),
        sum(row.lessons for row in found.values()),
    )


def _day(day: date, row: Day | None, today: date) -> DayOfWeek:
    if row is None:
        return DayOfWeek(day, 0, 0, 0, day == today)
    return DayOfWeek(day, row.seconds, row.answers, row.pages, day == today)


def reviews(profile: Profile | None, now: datetime) -> Reviews:
    """What waits today, and what is to come."""
    if profile is None:
        return Reviews(0, 0, 0)
    ends = [scheduling.end_of_day(now + timedelta(days=days)) for days in (0, 1, WEEK - 1)]
    waiting = scheduling.due(profile, now).count()
    rows = Review.objects.filter(profile=profile, item__retired=False, due__gte=ends[0])
    later = rows.aggregate(
        tomorrow=Count("pk", filter=Q(due__lt=ends[1])), week=Count("pk", filter=Q(due__lt=ends[2]))
    )
    return Reviews(waiting, later["tomorrow"], waiting + later["week"])


def right_share(profile: Profile | None, now: datetime) -> float | None:
    """The share of the last week's answers that were right; None without any."""
    rows = Answer.objects.filter(profile=profile, created__gt=now - timedelta(days=WEEK))
    share: float | None = rows.aggregate(share=Avg(Cast("right", IntegerField())))["share"]
    return share
