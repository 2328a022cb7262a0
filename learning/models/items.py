"""What is learnt and reviewed: words, grammar points, minimal pairs, sounds."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from learning import accepted
from learning.models.course import Course, Lesson
from learning.models.texts import Texts
from learning.syllabus import stored
from learning.syllabus.content import Mistake, Phrase


class Item(Texts):
    """Something to learn, with a name of its own in the course; its lesson teaches it."""

    class Kind(models.TextChoices):
        WORD = "word", _("palabra")
        GRAMMAR = "grammar", _("gramática")
        PAIRS = "pairs", _("pares mínimos")
        SOUND = "sound", _("sonido")

    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, related_name="items", verbose_name=_("curso")
    )
    lesson = models.ForeignKey(
        Lesson,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="items",
        verbose_name=_("lección"),
        help_text=_("Ninguna, para un sonido."),
    )
    key = models.CharField(_("clave"), max_length=60, help_text=_("Un sonido, en ARPAbet."))
    kind = models.CharField(_("tipo"), max_length=10, choices=Kind, editable=False)
    order = models.PositiveIntegerField(_("orden"), default=0)
    retired = models.BooleanField(
        _("retirado"), default=False, help_text=_("No se enseña, pero lo aprendido se conserva.")
    )

    class Meta:
        verbose_name = _("lo que se aprende")
        verbose_name_plural = _("lo que se aprende")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["course", "key"], name="one_item_a_key")]

    def __str__(self) -> str:
        return self.key

    @property
    def whole(self) -> Item:
        """The word, grammar point or pair set that it is; a sound is nothing more."""
        parts = {"word": "word", "grammar": "grammarpoint", "pairs": "pairset"}
        return getattr(self, parts[self.kind]) if self.kind in parts else self

    @property
    def heard(self) -> tuple[str, ...]:
        """What has a voice."""
        return ()


class Word(Item):
    """A word or a set phrase."""

    english = models.CharField(_("en inglés"), max_length=40)
    pos = models.CharField(_("clase de palabra"), max_length=12, default="noun")
    translation = models.CharField(_("traducción"), max_length=160, blank=True)
    emoji = models.CharField(_("dibujo"), max_length=16, blank=True, help_text=_("Un emoji."))
    no_picture = models.CharField(_("por qué no tiene dibujo"), max_length=200, blank=True)
    example = models.CharField(_("ejemplo"), max_length=120, blank=True)
    example_translation = models.CharField(_("traducción del ejemplo"), max_length=160, blank=True)
    note = models.CharField(_("nota"), max_length=200, blank=True, help_text=_("En qué fijarse."))
    false_friend = models.CharField(_("falso amigo"), max_length=200, blank=True)
    accepted = models.TextField(
        _("otras pronunciaciones que valen"),
        blank=True,
        help_text=_("Una por línea, con los sonidos de ARPAbet: «rabbit: R AE B IH T»."),
    )

    class Meta:
        verbose_name = _("palabra")
        verbose_name_plural = _("palabras")

    def __str__(self) -> str:
        return self.english

    def save(self, *args: object, **kwargs: object) -> None:
        self.kind = Item.Kind.WORD
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def clean(self) -> None:
        super().clean()
        try:
            accepted.parse(self.accepted, self.english)
        except accepted.NotAccepted as error:
            raise ValidationError({"accepted": str(error)}) from error

    @property
    def heard(self) -> tuple[str, ...]:
        """What has a voice: the word, its example."""
        return (self.english, self.example)


class GrammarPoint(Item):
    """A rule in plain words, with examples and the mistakes of Spanish speakers."""

    title = models.CharField(_("título"), max_length=60)
    explanation = models.TextField(_("explicación"), max_length=1200)
    examples = models.JSONField(_("ejemplos"), default=list)  # [{text, translation}]
    mistakes = models.JSONField(_("errores"), default=list)  # [{wrong, right, why}]

    class Meta:
        verbose_name = _("punto de gramática")
        verbose_name_plural = _("puntos de gramática")

    def __str__(self) -> str:
        return self.title

    def save(self, *args: object, **kwargs: object) -> None:
        self.kind = Item.Kind.GRAMMAR
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """The examples."""
        return tuple(map(stored.phrase, self.examples))

    @property
    def all_mistakes(self) -> tuple[Mistake, ...]:
        return tuple(map(stored.mistake, self.mistakes))

    @property
    def heard(self) -> tuple[str, ...]:
        """What has a voice: the examples, then what is right instead of each mistake."""
        right = (each["right"] for each in self.mistakes)
        return (*(each["text"] for each in self.examples), *right)


class PairSet(Item):
    """Words that differ in one sound alone: ship and sheep."""

    title = models.CharField(_("título"), max_length=60)
    first = models.CharField(_("un sonido"), max_length=12, blank=True, help_text=_("En ARPAbet."))
    second = models.CharField(
        _("el otro"), max_length=12, blank=True, help_text=_("En blanco: nada.")
    )
    explanation = models.TextField(_("explicación"), max_length=700)
    pairs = models.JSONField(_("pares"), default=list)  # [{a: {text, translation, emoji}, b: …}]

    class Meta:
        verbose_name = _("pares mínimos")
        verbose_name_plural = _("pares mínimos")

    def __str__(self) -> str:
        return self.title

    def save(self, *args: object, **kwargs: object) -> None:
        self.kind = Item.Kind.PAIRS
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def phrases(self) -> tuple[tuple[Phrase, Phrase], ...]:
        """The pairs, side by side."""
        return tuple((stored.phrase(each["a"]), stored.phrase(each["b"])) for each in self.pairs)

    @property
    def heard(self) -> tuple[str, ...]:
        """What has a voice: a and b of the first pair, then of the next."""
        return tuple(each[side]["text"] for each in self.pairs for side in ("a", "b"))
