"""What somebody plays today: what is due, mixed with the next new exercises."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import Profile
from learning import scheduling
from learning.models import Exercise, Item, Lesson, Practice, Progress, Review, Sitting, Word
from learning.overview import published

SIZE = 12  # exercises of a day
NEW = 4  # of them, at least, while the course goes on
SECONDS = 35  # an exercise takes, as in a lesson: 11 in 5 to 8 minutes
WAITING = 40  # due items looked at, those that have waited longest
SHOWN = 8  # new words shown before one begins


@dataclass(frozen=True)
class Plan:
    """A day's exercises in order; `lesson` is where the new ones are from."""

    exercises: tuple[int, ...]
    due: int  # exercises that repeat
    new: int
    lesson: Lesson | None
    words: tuple[Word, ...]  # that come for the first time

    @property
    def minutes(self) -> int:
        return max(1, round(len(self.exercises) * SECONDS / 60))


def plan(profile: Profile | None, now: datetime) -> Plan:
    """The same for the same answers at the same time; the number of queries is always the same."""
    lesson = _next_lesson(profile)
    fresh = list(_untried(profile).filter(lesson=lesson).values_list("pk", flat=True))
    known = _reviewing(profile, now) if profile else []
    new = fresh[: max(NEW, SIZE - len(known))]
    old = [each for each in known if each not in new][: SIZE - len(new)]
    return Plan(tuple(mixed(old, new)), len(old), len(new), lesson, _words(profile, new))


def mixed(old: Sequence[int], new: Sequence[int]) -> list[int]:
    """Both in their order, spread evenly; what is known comes first."""
    places = [(at / len(old), 0, each) for at, each in enumerate(old)]
    places += [((at + 1) / (len(new) + 1), 1, each) for at, each in enumerate(new)]
    return [each for *_, each in sorted(places)]


def begin(profile: Profile, now: datetime) -> Sitting | None:
    """Today's sitting: the open one, else a new one; None where there is nothing to play."""
    with transaction.atomic():
        Profile.objects.select_for_update().get(pk=profile.pk)  # one tab after the other
        sitting = of_today(profile, now).filter(ended=None).first()
        if sitting is None:
            drawn = plan(profile, now).exercises
            if not drawn:
                return None
            sitting = Sitting.objects.create(profile=profile, drawn=list(drawn), started=now)
    return sitting


def of_today(profile: Profile, now: datetime) -> QuerySet[Sitting]:
    """The daily sittings of this day, the last one first."""
    midnight = scheduling.end_of_day(now - timedelta(days=1))
    found = Sitting.objects.filter(profile=profile, lesson=None, started__gte=midnight)
    return found.order_by("-started")


def _playable() -> QuerySet[Exercise]:
    """Exercises of published lessons; a quiz stays a surprise, and the recorder's have a page."""
    shown = Exercise.objects.filter(retired=False, lesson__published=True)
    return shown.exclude(lesson__kind=Lesson.Kind.QUIZ).exclude(kind__in=Exercise.PLAIN)


def _untried(profile: Profile | None) -> QuerySet[Exercise]:
    if profile is None:
        return _playable()
    tried = Progress.objects.filter(profile=profile, exercise=OuterRef("pk"))
    return _playable().filter(~Exists(tried))


def _next_lesson(profile: Profile | None) -> Lesson | None:
    """The first with something untried from the lesson last begun on, else from the start."""
    untried = Exists(_untried(profile).filter(lesson=OuterRef("pk")))
    lessons = list(published().annotate(untried=untried).values_list("pk", "untried"))
    last = Sitting.objects.filter(profile=profile).exclude(lesson=None).order_by("-started")
    begun = last.values_list("lesson", flat=True).first() if profile else None
    start = next((at for at, (pk, _) in enumerate(lessons) if pk == begun), 0)
    later_first = lessons[start:] + lessons[:start]
    found = next((pk for pk, untried in later_first if untried), None)
    return Lesson.objects.filter(pk=found).first() if found else None


def _reviewing(profile: Profile, now: datetime) -> list[int]:
    """An exercise for each due item: of what was met already, and not done for long."""
    waiting = list(scheduling.due(profile, now).values_list("item", flat=True)[:WAITING])
    practices = Practice.objects.filter(item__in=waiting, exercise__in=_playable())
    practised: dict[int, dict[int, int]] = {}  # exercise -> item -> its place there
    for exercise, item, order in practices.values_list("exercise", "item", "order"):
        practised.setdefault(exercise, {})[item] = order
    unknown = _unknown(profile, practised)
    progress = Progress.objects.filter(profile=profile, exercise__in=practised)
    done = {each: at.timestamp() for each, at in progress.values_list("exercise", "last_at")}
    chosen: list[int] = []
    for item in waiting:
        if not any(item in practised[each] for each in chosen):
            able = [each for each in practised if item in practised[each]]
            chosen += sorted(
                able, key=lambda e: (unknown.get(e, 0), practised[e][item], done.get(e, 0.0), e)
            )[:1]
    return chosen


def _unknown(profile: Profile, exercises: Iterable[int]) -> dict[int, int]:
    """How many of the items that an exercise practises its learner has never met."""
    found = Practice.objects.filter(exercise__in=list(exercises))
    found = found.exclude(Q(item__kind=Item.Kind.SOUND) | Q(item__reviews__profile=profile))
    return dict(found.order_by().values_list("exercise").annotate(Count("pk")))


def _words(profile: Profile | None, exercises: Iterable[int]) -> tuple[Word, ...]:
    """The words of exercises that their learner has not met, in the order of the lesson."""
    practised = Practice.objects.filter(exercise__in=list(exercises)).values("item")
    found = Word.objects.filter(pk__in=practised, retired=False)
    if profile is not None:
        found = found.exclude(pk__in=Review.objects.filter(profile=profile).values("item"))
    return tuple(found[:SHOWN])
