"""What a periodic sweep mends: lost jobs, dead workers, voices kept longer than they may be."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from accounts import consent
from accounts.models import Consent
from assessment import push, queueing, recordings
from assessment.models import Attempt
from assessment.scoring import delete_recording

logger = logging.getLogger(__name__)
State = Attempt.State
BATCH = 200  # a sweep does so much; the next one goes on
ORPHAN_AGE = timedelta(minutes=15)  # a younger file may still be waiting for its row


def sweep(now: datetime) -> None:
    """Everything that a look at the rows can find."""
    step_aside(now)
    queue_again(now)
    delete_unneeded(now)


def step_aside(now: datetime) -> None:
    """Fail the attempts that keep killing their worker."""
    poison = Attempt.objects.filter(
        state=State.SCORING, claimed_until__lt=now, tries__gte=settings.SCORE_MAX_TRIES
    )
    for attempt in poison[:BATCH]:
        if Attempt.objects.filter(
            pk=attempt.pk, state=State.SCORING, claim_token=attempt.claim_token
        ).update(state=State.FAILED, error_code="failed", scored_at=now, claimed_until=None):
            logger.error("code=poison attempt=%s tries=%d", attempt.pk, attempt.tries)
            attempt.refresh_from_db()
            push.feedback(attempt)


def queue_again(now: datetime) -> None:
    """Queue the attempts whose job never came or whose worker died."""
    before = now - timedelta(seconds=settings.SCORE_REQUEUE_S)
    lost = Attempt.objects.filter(
        Q(state=State.STORED) | Q(state=State.SCORING, claimed_until__lt=now),
        queued_at__lt=before,
        tries__lt=settings.SCORE_MAX_TRIES,
    )
    for pk in lost.order_by("queued_at").values_list("pk", flat=True)[:BATCH]:
        # Of two sweeps at once only one gets here.
        if Attempt.objects.filter(pk=pk, queued_at__lt=before).update(queued_at=now):
            logger.warning("code=queued_again attempt=%s", pk)
            queueing.queue(pk)


def delete_unneeded(now: datetime) -> None:
    """Delete the voices that were scored and not allowed to stay, and failed ones in time."""
    expired = now - timedelta(hours=settings.FAILED_RECORDING_HOURS)
    allowed = consent.standing(Consent.Purpose.KEEP_RECORDINGS).values("profile")
    unneeded = Attempt.objects.exclude(recording="").filter(
        Q(state=State.SCORED) & ~Q(profile__in=allowed)
        | Q(state=State.FAILED, scored_at__lt=expired)
    )
    for attempt in unneeded[:BATCH]:
        logger.info("code=voice_deleted attempt=%s state=%s", attempt.pk, attempt.state)
        delete_recording(attempt)


def delete_kept(profile: UUID) -> None:
    """Delete the scored voices of a profile."""
    for attempt in Attempt.objects.exclude(recording="").filter(
        profile=profile, state=State.SCORED
    ):
        delete_recording(attempt)


def delete_orphans(now: datetime) -> None:
    """Delete the voices without a row: their process died between file and row."""
    found: list[str] = []
    for name in recordings.names():
        found.append(name)
        if len(found) == BATCH:
            _delete_orphans(found, now)
            found = []
    _delete_orphans(found, now)


def _delete_orphans(names: list[str], now: datetime) -> None:
    known = set(Attempt.objects.filter(recording__in=names).values_list("recording", flat=True))
    for name in names:
        if name in known:
            continue
        try:
            if recordings.written_at(name) < now - ORPHAN_AGE:
                logger.warning("code=orphan_deleted recording=%s", name)
                recordings.delete(name)
        except FileNotFoundError:
            pass  # its attempt was scored meanwhile
