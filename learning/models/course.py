"""Courses, their units, and lessons: what is practised in one sitting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from learning.models.texts import Texts, paragraphs

if TYPE_CHECKING:
    from learning.models.exercise import Exercise


class Course(Texts):
    """Everything somebody sets out to learn, in units."""

    slug = models.SlugField(_("nombre en la dirección"), unique=True, max_length=60)
    title = models.CharField(_("título"), max_length=120)
    description = models.CharField(_("de qué trata"), max_length=300, blank=True)
    order = models.PositiveIntegerField(_("orden"), default=0)

    class Meta:
        verbose_name = _("curso")
        verbose_name_plural = _("cursos")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.title


class Unit(Texts):
    """A few lessons on one subject."""

    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, related_name="units", verbose_name=_("curso")
    )
    slug = models.SlugField(_("nombre en la dirección"), max_length=60)
    title = models.CharField(_("título"), max_length=120)
    emoji = models.CharField(_("dibujo"), max_length=16, blank=True, help_text=_("Un emoji."))
    goal = models.CharField(
        _("meta"), max_length=200, blank=True, help_text=_("Lo que sabrás hacer.")
    )
    after = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="before",
        verbose_name=_("va después de"),
    )
    order = models.PositiveIntegerField(_("orden"), default=0)

    class Meta:
        verbose_name = _("unidad")
        verbose_name_plural = _("unidades")
        ordering = ["course__order", "order", "pk"]
        constraints = [models.UniqueConstraint(fields=["course", "slug"], name="one_unit_a_slug")]

    def __str__(self) -> str:
        return f"{self.course} · {self.title}"


class Lesson(Texts):
    """What is practised in one sitting: an explanation, what it teaches, and its exercises."""

    class Kind(models.TextChoices):
        VOCABULARY = "vocabulary", _("vocabulario")
        GRAMMAR = "grammar", _("gramática")
        EXPRESSION = "expression", _("expresión")
        PRONUNCIATION = "pronunciation", _("pronunciación")
        QUIZ = "quiz", _("cuestionario")

    unit = models.ForeignKey(
        Unit, on_delete=models.CASCADE, related_name="lessons", verbose_name=_("unidad")
    )
    slug = models.SlugField(_("nombre en la dirección"), unique=True, max_length=60)
    title = models.CharField(_("título"), max_length=120)
    kind = models.CharField(_("tipo"), max_length=20, choices=Kind, default=Kind.PRONUNCIATION)
    emoji = models.CharField(_("dibujo"), max_length=16, blank=True, help_text=_("Un emoji."))
    intro = models.TextField(
        _("explicación"),
        blank=True,
        help_text=_("Lo que se lee antes de empezar. Una línea en blanco separa los párrafos."),
    )
    minutes = models.PositiveSmallIntegerField(_("minutos"), default=5)
    pass_mark = models.PositiveSmallIntegerField(
        _("se aprueba con (%)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Solo en un cuestionario."),
    )
    pools = models.JSONField(
        _("bolsas"),
        default=list,
        blank=True,
        help_text=_(
            "Solo en un cuestionario: título, cuántos salen, y las claves de los ejercicios."
        ),
    )
    order = models.PositiveIntegerField(_("orden"), default=0)
    published = models.BooleanField(_("publicada"), default=False)

    class Meta:
        verbose_name = _("lección")
        verbose_name_plural = _("lecciones")
        ordering = ["unit__course__order", "unit__order", "order", "pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("learning:lesson", args=[self.slug])

    @property
    def kind_says(self) -> str:
        """Its kind, to begin a line with."""
        return capfirst(self.get_kind_display())

    @property
    def is_quiz(self) -> bool:
        return self.kind == self.Kind.QUIZ

    @property
    def paragraphs(self) -> list[str]:
        """The explanation, a string a paragraph; plain text."""
        return paragraphs(self.local.intro)

    @property
    def shown_exercises(self) -> models.QuerySet[Exercise]:
        """The exercises that learners see, in order; of a quiz, its own alone."""
        return self.exercises.filter(retired=False)

    def problems(self) -> list[str]:
        """What keeps the lesson from being published, in sentences."""
        found = []
        exercises = list(self.shown_exercises)
        for exercise in exercises:
            try:
                exercise.clean()
            except ValidationError as error:
                found += [f"«{exercise}»: {message}" for message in error.messages]
        return found if exercises else [str(_("Todavía no tiene ejercicios."))]
