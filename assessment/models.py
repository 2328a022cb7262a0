"""What was said, held against what was asked, and what we answered."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Profile
from learning.models import Exercise


class Attempt(models.Model):
    """One take of an exercise by a learner. The row is the job: claimed, scored, swept."""

    class State(models.TextChoices):
        STORED = "stored", "guardado"
        SCORING = "scoring", "escuchando"
        SCORED = "scored", "valorado"
        FAILED = "failed", "fallido"

    DONE: ClassVar = (State.SCORED, State.FAILED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    take = models.UUIDField(
        "toma",
        unique=True,
        help_text="El nombre que le dio la página: la misma no entra dos veces.",
    )
    profile = models.ForeignKey(
        Profile, on_delete=models.CASCADE, related_name="attempts", verbose_name="perfil"
    )
    exercise = models.ForeignKey(
        Exercise,
        on_delete=models.SET_NULL,
        null=True,
        related_name="attempts",
        verbose_name="ejercicio",
    )
    criterion = models.JSONField("criterio", help_text="Lo que se pedía, congelado.")
    state = models.CharField("estado", max_length=10, choices=State, default=State.STORED)
    notes = models.JSONField("notas", default=list)
    duration_s = models.FloatField("duración (s)")
    created = models.DateTimeField("creado", default=timezone.now)
    # The voice
    recording = models.CharField(max_length=100, blank=True, editable=False)
    recording_deleted_at = models.DateTimeField("voz borrada", null=True, editable=False)
    # The job
    queued_at = models.DateTimeField("en cola", default=timezone.now)
    claimed_until = models.DateTimeField("reservado hasta", null=True)
    claim_token = models.UUIDField(null=True, editable=False)
    tries = models.PositiveSmallIntegerField("intentos", default=0)
    # The answer
    findings = models.JSONField("resultado", null=True)
    error_code = models.CharField("error", max_length=30, blank=True)
    scored_at = models.DateTimeField("valorado", null=True)

    class Meta:
        verbose_name = "toma"
        verbose_name_plural = "tomas"
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
