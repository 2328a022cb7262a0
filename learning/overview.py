"""How far a learner has come in a lesson, and what comes next."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Profile
from learning.models import Exercise, Lesson, Progress
from learning.progress import GOOD
from speech import lexicon

PRACTISE = 4  # exercises that a summary names


@dataclass(frozen=True)
class Step:
    """An exercise in its place in the lesson; `best` is None for one not tried yet."""

    number: int
    exercise: Exercise
    best: float | None

    @property
    def done(self) -> str:
        if self.best is None:
            return ""
        return "good" if self.best >= GOOD else "tried"

    @property
    def says(self) -> str:
        return {"": _("Sin probar"), "tried": _("Para repasar"), "good": _("Te sale bien")}[
            self.done
        ]

    @property
    def words(self) -> list[tuple[str, int]]:
        """The text in pieces, each with how many words have been said when it ends."""
        text = self.exercise.text
        pieces = re.finditer(r"\S+", text)
        return [(piece[0], len(lexicon.words(text[: piece.end()]))) for piece in pieces]


@dataclass(frozen=True)
class Overview:
    """A lesson as one learner sees it."""

    lesson: Lesson
    steps: tuple[Step, ...]

    @property
    def total(self) -> int:
        return len(self.steps)

    @property
    def good_from(self) -> float:
        return GOOD

    @cached_property
    def good(self) -> int:
        return sum(step.done == "good" for step in self.steps)

    @property
    def started(self) -> bool:
        return any(step.done for step in self.steps)

    @property
    def finished(self) -> bool:
        return self.total > 0 and self.good == self.total

    @cached_property
    def next(self) -> Step | None:
        """The first exercise not tried; with all tried, the one that went worst."""
        untried = next((step for step in self.steps if not step.done), None)
        return untried or next(iter(self.practise), None)

    @cached_property
    def practise(self) -> tuple[Step, ...]:
        """What does not go well yet, worst first; what was never tried comes last."""
        left = [step for step in self.steps if step.done != "good"]
        left.sort(key=lambda step: (step.best is None, step.best or 0.0))
        return tuple(left[:PRACTISE])

    @property
    def url(self) -> str:
        """Where to go on: at the explanation for a lesson not begun."""
        page = self.lesson.get_absolute_url()
        return f"{page}#ejercicio-{self.next.number}" if self.started and self.next else page

    @property
    def mood(self) -> str:
        """The parrot's, at the end of the lesson."""
        if not self.started:
            return "waiting"
        return "happy" if 2 * self.good >= self.total else "encouraging"

    @property
    def emoji(self) -> str:
        """The lesson's picture, or those of its first exercises."""
        return self.lesson.emoji or "".join(step.exercise.emoji for step in self.steps[:5])

    @property
    def praise(self) -> str:
        if self.finished:
            return _("¡Lección superada!")
        if not self.started:
            return _("Aún no has grabado nada")
        return _("¡Buen trabajo!") if self.good else _("¡Ya has empezado!")

    @property
    def count(self) -> str:
        """How many go well, in a sentence."""
        if self.finished:
            return ngettext(
                "Te sale bien el ejercicio. Vuelve cuando quieras.",
                "Te salen bien los %(total)d ejercicios. Vuelve cuando quieras.",
                self.total,
            ) % {"total": self.total}
        if not self.started:
            return _("Graba algún ejercicio y aquí verás cómo te va.")
        if not self.good:
            return _("Lo más difícil era empezar. Repasa con calma y verás cómo mejora.")
        return _("Te salen bien %(good)d de %(total)d ejercicios. ¡Cada vez suena mejor!") % {
            "good": self.good,
            "total": self.total,
        }


def published() -> QuerySet[Lesson]:
    return Lesson.objects.filter(published=True).select_related("unit__course")


def recorded(lessons: QuerySet[Lesson]) -> QuerySet[Lesson]:
    """Those with nothing but texts to read aloud, which have the page of the recorder."""
    shown = Exercise.objects.filter(lesson=OuterRef("pk"), retired=False)
    others = shown.exclude(kind__in=Exercise.PLAIN)
    return lessons.exclude(kind=Lesson.Kind.QUIZ).filter(Exists(shown), ~Exists(others))


def following(lesson: Lesson) -> Lesson | None:
    """The lesson that comes after this one."""
    shown = Exercise.objects.filter(lesson=OuterRef("pk"), retired=False)
    order = list(published().filter(Exists(shown)).defer("intro", "pools"))
    after = order[order.index(lesson) + 1 :] if lesson in order else []
    return after[0] if after else None


def overviews(lessons: QuerySet[Lesson], profile: Profile | None) -> list[Overview]:
    """The lessons that have exercises, in two queries however many there are."""
    shown = Prefetch("exercises", queryset=Exercise.objects.filter(retired=False))
    found = list(lessons.prefetch_related(shown))
    best = dict(
        Progress.objects.filter(profile=profile, exercise__lesson__in=found).values_list(
            "exercise_id", "best"
        )
        if profile
        else ()
    )
    made = []
    for lesson in found:
        steps = tuple(
            Step(number, exercise, best.get(exercise.pk))
            for number, exercise in enumerate(lesson.exercises.all(), start=1)
        )
        if steps:
            made.append(Overview(lesson, steps))
    return made
