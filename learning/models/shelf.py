"""Books to listen to and to read in turns, and how far each reader is."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Profile
from learning.models.texts import Texts
from learning.shelf import words
from speech.criterion import MAX_CHARS, Criterion, build


class Book(Texts):
    """A short graded story in pages, each with a picture. `title` is English, `titulo` Spanish."""

    LEVELS = ((1, _("fácil")), (2, _("intermedio")), (3, _("avanzado")))

    slug = models.SlugField(_("nombre en la dirección"), unique=True, max_length=60)
    title = models.CharField(_("título en inglés"), max_length=60)
    titulo = models.CharField(_("título en español"), max_length=60, blank=True)
    level = models.PositiveSmallIntegerField(_("nivel"), choices=LEVELS, default=1)
    synopsis = models.CharField(_("de qué trata"), max_length=300, blank=True)
    cover = models.TextField(_("cubierta"), blank=True, help_text=_("Un dibujo SVG."))
    gloss = models.JSONField(
        _("glosario"), default=dict, blank=True, help_text=_("Palabra en inglés → en español.")
    )
    names = models.JSONField(
        _("nombres"), default=list, blank=True, help_text=_("Se leen como son y no se traducen.")
    )
    order = models.PositiveIntegerField(_("orden"), default=0)
    published = models.BooleanField(_("publicado"), default=False)

    class Meta:
        verbose_name = _("libro")
        verbose_name_plural = _("libros")
        ordering = ["level", "order", "pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("learning:book", args=[self.slug])

    @property
    def shown_pages(self) -> models.QuerySet[Page]:
        """The pages that readers see, in order."""
        return self.pages.filter(retired=False)


class Page(Texts):
    """A page: a picture, a few sentences in English and what they mean."""

    book = models.ForeignKey(
        Book, on_delete=models.CASCADE, related_name="pages", verbose_name=_("libro")
    )
    key = models.SlugField(
        _("clave"), max_length=60, help_text=_("Distinta de las demás del libro.")
    )
    text = models.CharField(_("texto en inglés"), max_length=MAX_CHARS)
    translation = models.CharField(_("traducción"), max_length=400, blank=True)
    picture = models.TextField(_("dibujo"), blank=True, help_text=_("Un dibujo SVG."))
    alt = models.CharField(
        _("qué se ve en el dibujo"),
        max_length=200,
        blank=True,
        help_text=_("En español, para quien no lo ve."),
    )
    order = models.PositiveIntegerField(_("orden"), default=0)
    retired = models.BooleanField(_("retirada"), default=False, help_text=_("No se enseña."))

    class Meta:
        verbose_name = _("página")
        verbose_name_plural = _("páginas")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["book", "key"], name="one_page_a_key")]

    def __str__(self) -> str:
        return self.text

    def criterion(self, strictness: str = "normal", model: str = "") -> Criterion:
        """What a take of this page is held against. Raises SpeechError."""
        extra = words.accepted(self.text, self.book.names)
        return build(self.text, accepted=extra, strictness=strictness, model=model)


class Reading(models.Model):
    """How far a reader is in a book, and how often it was read to the end."""

    profile = models.ForeignKey(
        Profile, on_delete=models.CASCADE, related_name="readings", verbose_name=_("perfil")
    )
    book = models.ForeignKey(
        Book, on_delete=models.CASCADE, related_name="readings", verbose_name=_("libro")
    )
    page = models.PositiveSmallIntegerField(_("páginas leídas"), default=0)
    times = models.PositiveSmallIntegerField(_("veces leído"), default=0)
    last_at = models.DateTimeField(_("cuándo"), default=timezone.now)

    class Meta:
        verbose_name = _("lectura")
        verbose_name_plural = _("lecturas")
        constraints = [models.UniqueConstraint(fields=["profile", "book"], name="one_reading_each")]

    def __str__(self) -> str:
        return f"{self.profile} · {self.book}: {self.page}"

    def absorb(self, other: Reading) -> None:
        """Count what another profile of the same person read (accounts.merging)."""
        self.times += other.times
        if other.last_at > self.last_at:
            self.page, self.last_at = other.page, other.last_at
