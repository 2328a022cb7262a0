"""Exercises: one thing to say, choose or write."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from learning import accepted
from learning.models.course import Lesson
from learning.models.items import Item
from learning.models.texts import Texts
from learning.syllabus import content as syllabus
from learning.syllabus import stored, wording
from learning.yamlfile import Refused
from speech.criterion import MAX_CHARS, Criterion, build
from speech.errors import SpeechError


class Exercise(Texts):
    """One thing to do. `text` is English, `prompt` Spanish; `content` has what only its kind has.

    `content` is written as in the course's files: {"options": [...], "answer": ...}.
    """

    class Kind(models.TextChoices):
        SAY_WORD = "say_word", _("decir una palabra")
        SAY_SENTENCE = "say_sentence", _("decir una frase")
        LISTEN_SAY = "listen_say", _("oír y decir")
        SEE_SAY = "see_say", _("ver y decir")
        SAY_SLOWLY = "say_slowly", _("decir despacio")
        LISTEN_CHOOSE = "listen_choose", _("oír y elegir")
        PICTURE_MATCH = "picture_match", _("unir con dibujos")
        CHOOSE = "choose", _("elegir")
        ORDER = "order", _("ordenar")
        GAP = "gap", _("rellenar el hueco")
        TRANSFORM = "transform", _("transformar")
        DICTATION = "dictation", _("dictado")
        TRUE_FALSE = "true_false", _("verdadero o falso")
        DIALOGUE = "dialogue", _("diálogo")

    PLAIN = (Kind.SAY_WORD, Kind.SAY_SENTENCE)  # said on the page of the recorder
    SPOKEN = (*PLAIN, Kind.LISTEN_SAY, Kind.SEE_SAY, Kind.SAY_SLOWLY, Kind.DIALOGUE)

    lesson = models.ForeignKey(
        Lesson, on_delete=models.CASCADE, related_name="exercises", verbose_name=_("lección")
    )
    key = models.SlugField(
        _("clave"), max_length=60, help_text=_("Distinta de las demás de la lección.")
    )
    kind = models.CharField(_("tipo"), max_length=20, choices=Kind, default=Kind.SAY_WORD)
    prompt = models.CharField(_("qué se pide"), max_length=160, blank=True)
    text = models.CharField(_("texto en inglés"), max_length=MAX_CHARS, blank=True)
    translation = models.CharField(_("traducción"), max_length=300, blank=True)
    emoji = models.CharField(_("dibujo"), max_length=16, blank=True, help_text=_("Un emoji."))
    note = models.CharField(_("nota"), max_length=300, blank=True, help_text=_("En qué fijarse."))
    explanation = models.CharField(
        _("explicación"), max_length=300, blank=True, help_text=_("Se lee cuando alguien falla.")
    )
    content = models.JSONField(_("lo propio del tipo"), default=dict, blank=True)
    accepted = models.TextField(
        _("otras pronunciaciones que valen"),
        blank=True,
        help_text=_("Una por línea, con los sonidos de ARPAbet: «rabbit: R AE B IH T»."),
    )
    practises = models.ManyToManyField(
        Item,
        through="Practice",
        related_name="exercises",
        blank=True,
        verbose_name=_("lo que practica"),
    )
    order = models.PositiveIntegerField(_("orden"), default=0)
    retired = models.BooleanField(
        _("retirado"),
        default=False,
        help_text=_("No se enseña, pero lo aprendido con él se conserva."),
    )

    class Meta:
        verbose_name = _("ejercicio")
        verbose_name_plural = _("ejercicios")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["lesson", "key"], name="one_exercise_a_key")]

    def __str__(self) -> str:
        return self.text or self.key

    @property
    def is_spoken(self) -> bool:
        return self.kind in self.SPOKEN

    @property
    def said(self) -> str:
        """The English that is said aloud: a dialogue's answer, the text, '' where nothing is."""
        if not self.is_spoken:
            return ""
        return str(self.content.get("answer", "")) if self.kind == self.Kind.DIALOGUE else self.text

    @property
    def heard(self) -> tuple[str, ...]:
        """What has a voice, the main one first; never what is wrong."""
        if self.kind in self.PLAIN:
            return (self.text,)
        return stored.heard(self.as_read())

    def as_read(self) -> syllabus.Exercise:
        """The exercise as the files have it, without `practises`: that is the relation."""
        return stored.exercise(
            self.key,
            self.kind,
            {name: self.spanish(name) for name in ("prompt", "translation", "explanation")},
            self.text,
            self.emoji,
            self.content,
        )

    def clean(self) -> None:
        """Refuse what cannot be pronounced or answered, and say which it is."""
        super().clean()
        if self.kind not in self.PLAIN:
            if strange := sorted(set(self.content) - set(stored.own(self.kind))):
                raise ValidationError(
                    {"content": _("«%(name)s» no es de este tipo.") % {"name": strange[0]}}
                )
            try:
                stored.check(self.as_read())
            except Refused as refused:
                field = refused.place.file or NON_FIELD_ERRORS
                raise ValidationError({field: wording.spanish(refused.why)}) from refused
        if not self.is_spoken:
            return
        extra: Mapping[str, list[str]] = {}
        try:
            extra = accepted.parse(self.accepted, self.said)
        except accepted.NotAccepted as error:
            raise ValidationError({"accepted": str(error)}) from error
        try:
            build(self.said, accepted=extra)
        except SpeechError as error:
            detail = f" ({error.detail})" if error.detail else ""
            raise ValidationError({"text": f"{_(error.plain)}{detail}"}) from error

    def criterion(self, strictness: str = "normal", model: str = "") -> Criterion:
        """What a take of this exercise is held against. Raises SpeechError: nothing to say, too."""
        extra = accepted.parse(self.accepted, self.said)
        return build(self.said, accepted=extra, strictness=strictness, model=model)


class Practice(models.Model):
    """What an exercise practises, the most important first."""

    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="practices")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="practices")
    order = models.PositiveSmallIntegerField(_("orden"), default=0)

    class Meta:
        verbose_name = _("práctica")
        verbose_name_plural = _("prácticas")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["exercise", "item"], name="one_practice_each")
        ]

    def __str__(self) -> str:
        return f"{self.exercise}: {self.item}"
