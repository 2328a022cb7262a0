"""Which voice adults prefer: who took part, the pairs they were given, what they chose."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Participant(models.Model):
    """An adult who agreed to compare one version of the voice. `person` is drawn at random and kept
    in the session; with `user` it is all that there is to find, and delete, somebody's votes."""

    person = models.UUIDField(_("persona"), default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("cuenta"),
    )
    voice = models.CharField(_("versión de la voz"), max_length=40)
    number = models.PositiveIntegerField(_("número"))  # settles which pairs, in which order
    text_version = models.CharField(_("versión del texto"), max_length=20)
    agreed_at = models.DateTimeField(_("permiso dado"), default=timezone.now)

    class Meta:
        verbose_name = _("participante de la comparación de voces")
        verbose_name_plural = _("participantes de la comparación de voces")
        constraints = [
            models.UniqueConstraint(fields=["person", "voice"], name="one_study_a_person"),
            models.UniqueConstraint(fields=["user", "voice"], name="one_study_an_account"),
            models.UniqueConstraint(fields=["voice", "number"], name="one_person_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.voice} · {self.number}"


class Trial(models.Model):
    """Two readings of one passage, and the one vote on them. Heard is what was asked for."""

    class Condition(models.TextChoices):
        STORYTELLING = "storytelling", _("de cuento")
        NEUTRAL = "neutral", _("neutra")
        FALLBACK = "fallback", _("sintética (espeak-ng)")

    class Choice(models.TextChoices):
        FIRST = "first", _("la primera")
        SECOND = "second", _("la segunda")
        SAME = "same", _("no nota diferencia")
        SKIPPED = "skipped", _("saltada")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(
        Participant,
        on_delete=models.CASCADE,
        related_name="trials",
        verbose_name=_("participante"),
    )
    position = models.PositiveSmallIntegerField(_("puesto"))
    passage = models.SlugField(_("pasaje"), max_length=60)
    first = models.CharField(_("primera"), max_length=12, choices=Condition)
    second = models.CharField(_("segunda"), max_length=12, choices=Condition)
    first_heard_at = models.DateTimeField(null=True, editable=False)
    second_heard_at = models.DateTimeField(null=True, editable=False)
    choice = models.CharField(_("elección"), max_length=7, choices=Choice, blank=True)
    voted_at = models.DateTimeField(_("cuándo"), null=True, editable=False)
    seconds = models.FloatField(_("segundos"), null=True, editable=False)  # since the first sound

    class Meta:
        verbose_name = _("voto sobre las voces")
        verbose_name_plural = _("votos sobre las voces")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["participant", "position"], name="one_vote_a_pair")
        ]

    def __str__(self) -> str:
        return f"{self.passage}: {self.first} / {self.second}"

    @property
    def preferred(self) -> str:
        """The condition that was chosen; '' where none was."""
        chosen = {self.Choice.FIRST.value: self.first, self.Choice.SECOND.value: self.second}
        return chosen.get(self.choice, "")
