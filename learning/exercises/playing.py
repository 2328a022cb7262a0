"""A sitting of one learner as it stands: what was drawn, what was answered, what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db import transaction

from accounts.models import Profile
from learning import daily
from learning.exercises import recording
from learning.exercises.checking import CHECKED
from learning.exercises.sittings import Turn, draw, upcoming
from learning.models import Exercise, Lesson, Sitting


@dataclass
class Play:
    """A sitting, or one that has not begun: it begins with its first answer."""

    lesson: Lesson | None
    sitting: Sitting | None
    exercises: dict[int, Exercise]  # in the order in which they were drawn
    numbered: list[tuple[int, Turn]]  # by the number of the turn

    @property
    def turns(self) -> list[Turn]:
        return [turn for _, turn in self.numbered]

    @property
    def next_turn(self) -> int:
        return self.numbered[-1][0] + 1 if self.numbered else 0

    @property
    def is_quiz(self) -> bool:
        return self.lesson is not None and self.lesson.is_quiz

    @cached_property
    def spoken(self) -> set[int]:
        return {pk for pk, each in self.exercises.items() if each.kind not in CHECKED}

    @property
    def can_be_quiet(self) -> bool:
        """Whether anything is left for who cannot speak now."""
        return 0 < len(self.spoken) < len(self.exercises)

    @property
    def queue(self) -> list[int]:
        if self.sitting is not None and self.sitting.ended:
            return []
        drawn = list(self.exercises)
        return upcoming(drawn, self.turns, spoken=self.spoken, repeats=not self.is_quiz)

    @property
    def total(self) -> int:
        return len(self.exercises)

    @property
    def done(self) -> int:
        return self.total - len(self.queue)

    def be_quiet(self) -> None:
        """Leave out what would have to be said."""
        if self.sitting is None or not self.can_be_quiet:
            return
        well = {turn.exercise for turn in self.turns if turn.right}
        left = {pk: e for pk, e in self.exercises.items() if pk in well or pk not in self.spoken}
        self.sitting.drawn = list(left)
        self.sitting.save(update_fields=["drawn"])
        self.exercises = left

    def end_if_done(self, now: datetime) -> None:
        if self.sitting is not None and not self.sitting.ended and not self.queue:
            recording.end(self.sitting, self.turns, now)


def standing(lesson: Lesson | None, profile: Profile | None, now: datetime) -> Play:
    """The sitting that was left open, or a new one that is not in the database yet.

    Without a lesson: what is due today.
    """
    sitting = _open(lesson, profile, now) if profile else None
    if sitting is not None:
        return of_sitting(lesson, sitting)
    return _play(lesson, None, _drawn(lesson, profile, now))


def of_sitting(lesson: Lesson | None, sitting: Sitting) -> Play:
    return _play(lesson, sitting, sitting.drawn)


def begin(lesson: Lesson | None, profile: Profile, now: datetime) -> Sitting | None:
    """The open sitting, or a new one; two tabs that begin at once share it."""
    if lesson is None:
        return daily.begin(profile, now)
    with transaction.atomic():
        Profile.objects.select_for_update().get(pk=profile.pk)
        found = _open(lesson, profile, now)
        if found is None:
            ids = _drawn(lesson, profile, now)
            found = Sitting.objects.create(
                profile=profile, lesson=lesson, drawn=list(ids), started=now
            )
    return found


def _play(lesson: Lesson | None, sitting: Sitting | None, ids: Sequence[int]) -> Play:
    rows = Exercise.objects.filter(pk__in=ids, retired=False).select_related("lesson__unit")
    found = rows.in_bulk()
    numbered: list[tuple[int, Turn]] = []
    if sitting is not None:
        answers = sitting.answers.order_by("turn").values_list("turn", "exercise", "right")
        numbered = [(number, Turn(exercise, right)) for number, exercise, right in answers]
    return Play(lesson, sitting, {pk: found[pk] for pk in ids if pk in found}, numbered)


def _open(lesson: Lesson | None, profile: Profile, now: datetime) -> Sitting | None:
    if lesson is None:
        return daily.of_today(profile, now).filter(ended=None).first()
    sittings = Sitting.objects.filter(profile=profile, lesson=lesson, ended=None)
    return sittings.order_by("-started").first()


def _drawn(lesson: Lesson | None, profile: Profile | None, now: datetime) -> Sequence[int]:
    """Ids of the exercises that a new sitting has: all of a lesson, some of a quiz."""
    if lesson is None:
        return daily.plan(profile, now).exercises
    if not lesson.is_quiz:
        return list(lesson.shown_exercises.values_list("pk", flat=True))
    ended = Sitting.objects.filter(profile=profile, lesson=lesson, ended__isnull=False)
    keys = draw(lesson.slug, lesson.pools, ended.count() if profile else 0)
    rows = Exercise.objects.filter(lesson__unit=lesson.unit_id, key__in=keys, retired=False)
    ids = dict(rows.values_list("key", "pk"))
    return [ids[key] for key in keys if key in ids]
