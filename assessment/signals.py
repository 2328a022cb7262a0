"""A voice goes with its attempt, and an attempt with its profile."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from accounts.models import Consent, Profile
from accounts.signals import consent_withdrawn
from assessment import consumers, recordings, sweeping
from assessment.models import Attempt
from config import server_loop


@receiver(post_delete, sender=Attempt)
def delete_voice(instance: Attempt, **_: Any) -> None:
    """The file follows its row. What fails here is an orphan, which `tidy` finds."""
    if instance.recording:
        transaction.on_commit(lambda: recordings.delete(instance.recording), robust=True)


@receiver(post_delete, sender=Profile)
def forget_open_takes(instance: Profile, **_: Any) -> None:
    """Other processes forget theirs within a minute, and cannot store them."""
    loop = server_loop.current()
    if loop is not None:
        loop.call_soon_threadsafe(consumers.OPEN.forget, instance.pk)


@receiver(consent_withdrawn)
def delete_kept(profile: Profile, purpose: str, **_: Any) -> None:
    """Kept voices go as soon as the consent does."""
    if purpose == Consent.Purpose.KEEP_RECORDINGS:
        transaction.on_commit(lambda: sweeping.delete_kept(profile.pk), robust=True)
