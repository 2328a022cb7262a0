"""How far each learner has come: what was answered, what is known, what is due."""

from __future__ import annotations

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Profile
from learning.models.course import Lesson
from learning.models.exercise import Exercise
from learning.models.items import Item

_SHARE = [MinValueValidator(0.0), MaxValueValidator(1.0)]


class Progress(models.Model):
    """How well a learner does one exercise."""

    profile = models.ForeignKey(
        Profile, on_delete=models.CASCADE, related_name="progress", verbose_name=_("perfil")
    )
    exercise = models.ForeignKey(
        Exercise, on_delete=models.CASCADE, related_name="progress", verbose_name=_("ejercicio")
    )
    attempts = models.PositiveIntegerField(_("intentos"), default=0)
    best = models.FloatField(_("lo mejor"), default=0.0, validators=_SHARE)
    last = models.FloatField(_("lo último"), default=0.0, validators=_SHARE)
    last_at = models.DateTimeField(_("cuándo"))

    class Meta:
        verbose_name = _("progreso")
        verbose_name_plural = _("progresos")
        constraints = [
            models.UniqueConstraint(fields=["profile", "exercise"], name="one_progress_each")
        ]

    def __str__(self) -> str:
        return f"{self.profile} · {self.exercise}: {self.best:.0%}"

    def absorb(self, other: Progress) -> None:
        """Count what another profile of the same person did (accounts.merging)."""
        self.attempts += other.attempts
        self.best = max(self.best, other.best)
        if other.last_at > self.last_at:
            self.last, self.last_at = other.last, other.last_at


class SoundCount(models.Model):
    """How one sound of English went for a learner on one day."""

    profile = models.ForeignKey(
        Profile, on_delete=models.CASCADE, related_name="sounds", verbose_name=_("perfil")
    )
    phone = models.CharField(_("sonido"), max_length=4, help_text=_("En ARPAbet, como IH."))
    day = models.DateField(_("día"))
    right = models.PositiveIntegerField(_("bien"), default=0)
    unsure = models.PositiveIntegerField(_("sin estar seguros"), default=0)
    wrong = models.PositiveIntegerField(_("por mejorar"), default=0)

    class Meta:
        verbose_name = _("cuenta de un sonido")
        verbose_name_plural = _("cuentas de sonidos")
        constraints = [
            models.UniqueConstraint(fields=["profile", "phone", "day"], name="one_count_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.profile} · {self.phone} · {self.day}: {self.right}/{self.wrong}"

    def absorb(self, other: SoundCount) -> None:
        """Count what another profile of the same person said (accounts.merging)."""
        self.right += other.right
        self.unsure += other.unsure
        self.wrong += other.wrong


class Sitting(models.Model):
    """One going through a lesson, a quiz or (without a lesson) what is due today."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    profile = models.ForeignKey(
        Profile, on_delete=models.CASCADE, related_name="sittings", verbose_name=_("perfil")
    )
    lesson = models.ForeignKey(
        Lesson,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="sittings",
        verbose_name=_("lección"),
    )
    drawn = models.JSONField(_("ejercicios"), default=list)  # their ids, in order
    started = models.DateTimeField(_("empezada"), default=timezone.now)
    ended = models.DateTimeField(_("terminada"), null=True, blank=True)
    score = models.FloatField(_("acierto a la primera"), null=True, blank=True, validators=_SHARE)

    class Meta:
        verbose_name = _("sesión")
        verbose_name_plural = _("sesiones")
        indexes = [models.Index(fields=["profile", "lesson", "-started"], name="sittings_of_one")]

    def __str__(self) -> str:
        return f"{self.profile} · {self.lesson} · {self.started:%d.%m.%Y %H:%M}"


class Answer(models.Model):
    """A chosen or typed answer; spoken ones are assessment.Attempt. A turn is answered once."""

    profile = models.ForeignKey(
        Profile, on_delete=models.CASCADE, related_name="answers", verbose_name=_("perfil")
    )
    exercise = models.ForeignKey(
        Exercise, on_delete=models.CASCADE, related_name="answers", verbose_name=_("ejercicio")
    )
    sitting = models.ForeignKey(
        Sitting, on_delete=models.CASCADE, related_name="answers", verbose_name=_("sesión")
    )
    turn = models.PositiveSmallIntegerField(_("turno"))
    right = models.BooleanField(_("bien"))
    given = models.CharField(_("respuesta"), max_length=200, blank=True)
    created = models.DateTimeField(_("cuándo"), default=timezone.now)

    class Meta:
        verbose_name = _("respuesta")
        verbose_name_plural = _("respuestas")
        ordering = ["turn"]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "turn"], name="one_answer_a_turn")
        ]
        indexes = [models.Index(fields=["profile", "-created"], name="answers_of_one")]

    def __str__(self) -> str:
        return f"{self.exercise}: {self.given}"


class Review(models.Model):
    """How well a learner knows one item, and when it is asked again: a card of `fsrs`."""

    profile = models.ForeignKey(
        Profile, on_delete=models.CASCADE, related_name="reviews", verbose_name=_("perfil")
    )
    # What somebody has learnt is retired, never deleted.
    item = models.ForeignKey(
        Item, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("lo que se aprende")
    )
    state = models.PositiveSmallIntegerField(_("estado"), default=1)  # fsrs.State
    step = models.PositiveSmallIntegerField(_("paso"), null=True, blank=True)
    stability = models.FloatField(_("estabilidad"), null=True, blank=True)
    difficulty = models.FloatField(_("dificultad"), null=True, blank=True)
    due = models.DateTimeField(_("toca"), default=timezone.now)
    last_review = models.DateTimeField(_("último repaso"), null=True, blank=True)
    reps = models.PositiveIntegerField(_("repasos"), default=0)
    lapses = models.PositiveIntegerField(_("olvidos"), default=0)

    class Meta:
        verbose_name = _("repaso")
        verbose_name_plural = _("repasos")
        constraints = [models.UniqueConstraint(fields=["profile", "item"], name="one_review_each")]
        indexes = [models.Index(fields=["profile", "due"], name="reviews_due")]

    def __str__(self) -> str:
        return f"{self.profile} · {self.item}: {self.due:%d.%m.%Y}"

    def absorb(self, other: Review) -> None:
        """The card reviewed last says how well it is known now (accounts.merging)."""
        if other.last_review and (not self.last_review or other.last_review > self.last_review):
            for name in ("state", "step", "stability", "difficulty", "due", "last_review"):
                setattr(self, name, getattr(other, name))
        self.reps += other.reps
        self.lapses += other.lapses


class Day(models.Model):
    """What a learner did on one day."""

    profile = models.ForeignKey(
        Profile, on_delete=models.CASCADE, related_name="days", verbose_name=_("perfil")
    )
    day = models.DateField(_("día"))
    seconds = models.PositiveIntegerField(_("segundos"), default=0)
    answers = models.PositiveIntegerField(_("respuestas"), default=0)
    lessons = models.PositiveIntegerField(_("lecciones"), default=0)
    pages = models.PositiveIntegerField(_("páginas de libros"), default=0)
    last_at = models.DateTimeField(_("última respuesta"), null=True, blank=True)

    class Meta:
        verbose_name = _("día")
        verbose_name_plural = _("días")
        constraints = [models.UniqueConstraint(fields=["profile", "day"], name="one_day_each")]

    def __str__(self) -> str:
        return f"{self.profile} · {self.day}"

    def absorb(self, other: Day) -> None:
        """Count what another profile of the same person did (accounts.merging)."""
        self.seconds += other.seconds
        self.answers += other.answers
        self.lessons += other.lessons
        self.pages += other.pages
        seen = [at for at in (self.last_at, other.last_at) if at is not None]
        self.last_at = max(seen, default=None)
