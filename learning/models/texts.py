"""Texts in Spanish, some of which Mexico says otherwise."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from learning.syllabus.content import Spanish


class Texts(models.Model):
    """A row whose texts are Spain's; `mexican` holds, by field, those that differ in Mexico."""

    mexican = models.JSONField(
        _("como se dice en México"),
        default=dict,
        blank=True,
        help_text=_("Solo lo que cambia: {«title»: «La computadora»}."),
    )

    class Meta:
        abstract = True

    def spanish(self, name: str) -> Spanish:
        """The text of a field, in both forms."""
        return Spanish(getattr(self, name), self.mexican.get(name, ""))

    @property
    def local(self) -> Local:
        """The texts in the language of the page: `{{ lesson.local.title }}`."""
        return Local(self)

    def clean(self) -> None:
        super().clean()
        texts = self.mexican
        if not isinstance(texts, dict) or not all(isinstance(each, str) for each in texts.values()):
            raise ValidationError({"mexican": _("Hacen falta campos y textos.")})
        known = {field.name for field in self._meta.fields}
        if unknown := sorted(set(texts) - known):
            raise ValidationError(
                {"mexican": _("No hay ningún campo «%(name)s».") % {"name": unknown[0]}}
            )


class Local:
    """The texts of a row as the active language says them; a text with blank lines in parts too."""

    def __init__(self, row: Texts) -> None:
        self._row = row

    def __getattr__(self, name: str) -> str:
        if name.startswith("_"):
            raise AttributeError(name)
        return str(self._row.spanish(name))

    @property
    def paragraphs(self) -> list[str]:
        """The explanation or the introduction, a string a paragraph."""
        name = "intro" if hasattr(self._row, "intro") else "explanation"
        return paragraphs(getattr(self, name))


def paragraphs(text: str) -> list[str]:
    """Plain text, parted at blank lines."""
    parts = text.replace("\r\n", "\n").split("\n\n")
    return [" ".join(part.split()) for part in parts if part.strip()]
