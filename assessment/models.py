"""What was said, held against what was asked, and what we answered."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Profile
from learning.models import Exercise, Page


class Attempt(models.Model):
    """One take of an exercise, or of the page of a book, by a learner.

    The row is the job: claimed, scored, swept.
    """

    class State(models.TextChoices):
        STORED = "stored", _("guardado")
        SCORING = "scoring", _("escuchando")
        SCORED = "scored", _("valorado")
        FAILED = "failed", _("fallido")

    DONE: ClassVar = (State.SCORED, State.FAILED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    take = models.UUIDField(
        _("toma"),
        unique=True,
        help_text=_("El nombre que le dio la página: la misma no entra dos veces."),
    )
    profile = models.ForeignKey(
        Profile, on_delete=models.CASCADE, related_name="attempts", verbose_name=_("perfil")
    )
    exercise = models.ForeignKey(
        Exercise,
        on_delete=models.SET_NULL,
        null=True,
        related_name="attempts",
        verbose_name=_("ejercicio"),
    )
    page = models.ForeignKey(
        Page,
        on_delete=models.SET_NULL,
        null=True,
        related_name="attempts",
        verbose_name=_("página de un libro"),
    )
    criterion = models.JSONField(_("criterio"), help_text=_("Lo que se pedía, congelado."))
    state = models.CharField(_("estado"), max_length=10, choices=State, default=State.STORED)
    notes = models.JSONField(_("notas"), default=list)
    duration_s = models.FloatField(_("duración (s)"))
    created = models.DateTimeField(_("creado"), default=timezone.now)
    # The voice
    recording = models.CharField(max_length=100, blank=True, editable=False)
    recording_deleted_at = models.DateTimeField(_("voz borrada"), null=True, editable=False)
    # The job
    queued_at = models.DateTimeField(_("en cola"), default=timezone.now)
    claimed_until = models.DateTimeField(_("reservado hasta"), null=True)
    claim_token = models.UUIDField(null=True, editable=False)
    tries = models.PositiveSmallIntegerField(_("intentos"), default=0)
    # The answer
    findings = models.JSONField(_("resultado"), null=True)
    error_code = models.CharField(_("error"), max_length=30, blank=True)
    scored_at = models.DateTimeField(_("valorado"), null=True)

    class Meta:
        verbose_name = _("toma")
        verbose_name_plural = _("tomas")
        ordering = ["-created"]
        indexes = [
            models.Index(fields=["profile", "-created"], name="attempts_of_profile"),
            models.Index(
                fields=["queued_at"],
                condition=Q(state__in=["stored", "scoring"]),
                name="attempts_waiting",
            ),
            models.Index(
                fields=["state", "scored_at"],
                condition=~Q(recording=""),
                name="attempts_with_voice",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion.get('text', '')!r} {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        return reverse("assessment:attempt", args=[self.pk])

    @property
    def done(self) -> bool:
        """Whether there is an answer, good or bad."""
        return self.state in self.DONE
