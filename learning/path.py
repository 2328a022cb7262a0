"""The path: courses, units and lessons, with what is done and what comes next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.db.models import Count, F, Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Profile
from learning.models import Course, Exercise, Lesson, Progress, Sitting, Unit
from learning.overview import overviews, published
from learning.progress import GOOD


@dataclass(frozen=True)
class Stop:
    """A lesson on the path."""

    lesson: Lesson
    total: int  # exercises
    good: int = 0
    tried: int = 0
    sat: bool = False  # somebody began it
    score: float | None = None  # the best of those gone through to the end
    recorded: bool = False  # it has the recorder's page

    @property
    def done(self) -> bool:
        if self.lesson.is_quiz:
            return self.score is not None and 100 * self.score >= (self.lesson.pass_mark or 0)
        return self.score is not None or self.good == self.total

    @property
    def begun(self) -> bool:
        return not self.done and (self.sat or self.tried > 0)

    @property
    def percent(self) -> int | None:
        """The best score, as a learner reads it: what does not reach the mark is not rounded up."""
        return None if self.score is None else int(100 * self.score)

    @property
    def state(self) -> str:
        return "done" if self.done else "begun" if self.begun else "new"

    @property
    def says(self) -> str:
        return {"done": _("Hecha"), "begun": _("A medias"), "new": _("Sin empezar")}[self.state]


@dataclass(frozen=True)
class Stretch:
    """A unit on the path."""

    unit: Unit
    stops: tuple[Stop, ...]
    here: bool  # the next lesson is one of it

    @cached_property
    def done(self) -> int:
        return sum(stop.done for stop in self.stops)

    @property
    def total(self) -> int:
        return len(self.stops)

    @property
    def finished(self) -> bool:
        return self.done == self.total

    @property
    def count(self) -> str:
        """How much is done, in words."""
        if self.finished:
            return _("Unidad completa")
        return _("%(done)d de %(total)d") % {"done": self.done, "total": self.total}

    @property
    def time(self) -> str:
        """How long what is left takes, in words."""
        left = sum(stop.lesson.minutes for stop in self.stops if not stop.done)
        return ngettext("%(left)d minuto", "%(left)d minutos", left) % {"left": left}


@dataclass(frozen=True)
class Path:
    """All of it, as one learner sees it."""

    courses: tuple[tuple[Course, tuple[Stretch, ...]], ...]
    next: Stop | None
    next_url: str = ""

    @property
    def started(self) -> bool:
        return any(
            stop.state != "new"
            for _course, stretches in self.courses
            for stretch in stretches
            for stop in stretch.stops
        )


def path_of(profile: Profile | None) -> Path:
    """The path, in as many queries however long it is."""
    stops = _stops(profile)
    coming = next((stop for stop in stops if not stop.done), None)
    courses = []
    for course, of_course in groupby(stops, key=lambda stop: stop.lesson.unit.course):
        stretches = []
        for unit, of_unit in groupby(of_course, key=lambda stop: stop.lesson.unit):
            found = tuple(of_unit)
            stretches.append(Stretch(unit, found, coming in found))
        courses.append((course, tuple(stretches)))
    return Path(tuple(courses), coming, _url(coming, profile) if coming else "")


def _url(stop: Stop, profile: Profile | None) -> str:
    """Where to go on: in the middle of a lesson that was begun with the recorder."""
    if stop.recorded and stop.begun:
        return overviews(published().filter(pk=stop.lesson.pk), profile)[0].url
    return stop.lesson.get_absolute_url()


def _stops(profile: Profile | None) -> list[Stop]:
    """The lessons that have something to do, in order."""
    shown = Q(exercises__retired=False)
    lessons = (
        published()
        .defer("intro")
        .annotate(
            total=Count("exercises", filter=shown),
            plain=Count("exercises", filter=shown & Q(exercises__kind__in=Exercise.PLAIN)),
        )
    )
    tries, sittings = _tries(profile), _sittings(profile)
    return [
        Stop(
            lesson,
            drawn(lesson) or lesson.total,
            *tries.get(lesson.pk, (0, 0)),
            lesson.pk in sittings,
            sittings.get(lesson.pk),
            not lesson.is_quiz and lesson.plain == lesson.total,
        )
        for lesson in lessons
        if drawn(lesson) or lesson.total
    ]


def drawn(lesson: Lesson) -> int:
    """How many questions a quiz asks; 0 for a lesson."""
    return sum(pool["take"] for pool in lesson.pools) if lesson.is_quiz else 0


def _tries(profile: Profile | None) -> dict[int, tuple[int, int]]:
    """Lesson -> exercises that go well, exercises tried."""
    if profile is None:
        return {}
    rows = Progress.objects.filter(profile=profile, exercise__retired=False)
    counted: Iterable[tuple[int, int, int]] = (
        rows.values(lesson=F("exercise__lesson"))
        .annotate(good=Count("pk", filter=Q(best__gte=GOOD)), tried=Count("pk"))
        .values_list("lesson", "good", "tried")
    )
    return {lesson: (good, tried) for lesson, good, tried in counted}


def _sittings(profile: Profile | None) -> dict[int, float | None]:
    """Lesson begun -> the best score of those gone through to the end."""
    if profile is None:
        return {}
    rows = Sitting.objects.filter(profile=profile, lesson__isnull=False)
    ended = Max("score", filter=Q(ended__isnull=False))
    return dict(rows.values("lesson").annotate(best=ended).values_list("lesson", "best"))


def stop_of(lesson: Lesson, profile: Profile | None) -> Stop | None:
    """One lesson, author's drafts too; None where there is nothing to do."""
    total = drawn(lesson) or lesson.shown_exercises.count()
    if not total:
        return None
    sittings = _sittings(profile)
    tries = _tries(profile).get(lesson.pk, (0, 0))
    return Stop(lesson, total, *tries, lesson.pk in sittings, sittings.get(lesson.pk))
