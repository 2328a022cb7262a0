"""The life of a scoring job: claimed with a lease, finished only by whoever holds the claim."""

from __future__ import annotations

import logging
import uuid
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts import consent
from accounts.models import Consent
from assessment import listening, push, queueing, recordings
from assessment.diagnosis import score_of, sounds_of, take_of
from assessment.errors import PLAIN, Refusal
from assessment.models import Attempt
from learning import progress
from learning.shelf import turns
from speech import audio
from speech.criterion import Criterion
from speech.errors import SpeechError

logger = logging.getLogger(__name__)
State = Attempt.State
STORAGE_WAITS_S = (5.0, 45.0)  # over before the page stops asking, after 90 s


def claim(attempt: UUID, now: datetime, lease_s: float) -> UUID | None:
    """Take the job for `lease_s` seconds: the token to finish it with, None if it is not free."""
    token = uuid.uuid4()
    free = Q(state=State.STORED) | Q(state=State.SCORING, claimed_until__lt=now)
    claimed = Attempt.objects.filter(free, pk=attempt, tries__lt=settings.SCORE_MAX_TRIES).update(
        state=State.SCORING,
        claim_token=token,
        claimed_until=now + timedelta(seconds=lease_s),
        tries=F("tries") + 1,
    )
    return token if claimed else None


def finish(attempt: Attempt, token: UUID, findings: dict[str, Any], now: datetime) -> bool:
    """Store the answer and count it as progress, both or neither; False when the claim was lost."""
    with transaction.atomic():
        if not _held(attempt, token).update(
            state=State.SCORED, findings=findings, scored_at=now, claimed_until=None
        ):
            return False
        take = take_of(findings)
        if attempt.exercise is not None:
            progress.record(attempt.profile, attempt.exercise, score_of(take), now)
        if attempt.page is not None:
            turns.heard(attempt.profile, now)
        progress.record_sounds(attempt.profile, sounds_of(take), now)
    return True


def fail(attempt: Attempt, token: UUID, code: str, now: datetime) -> bool:
    """Give up for good; the recording stays a while for whoever looks into it."""
    code = code if code in PLAIN else "failed"
    return bool(
        _held(attempt, token).update(
            state=State.FAILED, error_code=code, scored_at=now, claimed_until=None
        )
    )


def give_back(attempt: Attempt, token: UUID, now: datetime, wait_s: float) -> bool:
    """Let another worker try, after `wait_s` seconds."""
    given = _held(attempt, token).update(
        state=State.STORED,
        claimed_until=None,
        queued_at=now + timedelta(seconds=wait_s),  # the sweep does not queue it before
    )
    if given:
        queueing.queue(attempt.pk, wait_s)
    return bool(given)


def _held(attempt: Attempt, token: UUID) -> Any:
    return Attempt.objects.filter(pk=attempt.pk, state=State.SCORING, claim_token=token)


def score(pk: UUID) -> None:
    """The job: hear the recording of an attempt, store what was found, tell the page."""
    token = claim(pk, timezone.now(), settings.SCORE_LEASE_S)
    if token is None:
        logger.info("code=not_free attempt=%s", pk)
        return
    attempt = Attempt.objects.select_related("profile", "exercise", "page").get(pk=pk)
    try:
        findings = hear(attempt)
    except Exception as error:
        done = _failed(attempt, token, error)
    else:
        done = finish(attempt, token, findings, timezone.now())
        logger.info("code=%s attempt=%s tries=%d", "scored" if done else "late", pk, attempt.tries)
        if done and not consent.given(attempt.profile, Consent.Purpose.KEEP_RECORDINGS):
            delete_recording(attempt)
    if done:
        attempt.refresh_from_db()
        push.feedback(attempt)


def hear(attempt: Attempt) -> dict[str, Any]:
    """What the engine says of the recording, as it is stored."""
    pcm = recordings.read(attempt.recording)
    finding = listening.engine().score(
        audio.from_pcm16(pcm),
        Criterion.from_json(attempt.criterion),
        deadline_s=settings.SCORE_DEADLINE_S,
    )
    findings = finding.to_json()
    findings["notes"] = sorted({*findings["notes"], *attempt.notes})
    return findings


def _failed(attempt: Attempt, token: UUID, error: Exception) -> bool:
    """Give back what another try can mend, fail the rest. Whether the attempt is now done."""
    code = error.code if isinstance(error, SpeechError | Refusal) else "failed"
    last = attempt.tries >= settings.SCORE_MAX_TRIES
    if mendable(error) and not last:
        logger.warning("code=%s attempt=%s tries=%d %s", code, attempt.pk, attempt.tries, error)
        give_back(attempt, token, timezone.now(), pause_s(error, attempt.tries))
        return False
    logger.error("code=%s attempt=%s given up", code, attempt.pk, exc_info=error)
    return fail(attempt, token, code, timezone.now())


def mendable(error: Exception) -> bool:
    """Whether trying again can help: a storage that did not answer, a machine too busy."""
    if isinstance(error, SpeechError):
        return not error.permanent or error.code == "bad_bundle"
    return isinstance(error, OSError)


def pause_s(error: Exception, tries: int) -> float:
    """How long to wait before another try, longer each time: a storage may restart meanwhile."""
    if isinstance(error, OSError):
        return STORAGE_WAITS_S[min(tries, len(STORAGE_WAITS_S)) - 1]
    return 2.0**tries


def delete_recording(attempt: Attempt) -> None:
    """Delete the voice, then say so in the row; the sweep tries again what fails here."""
    if not attempt.recording:
        return
    try:
        recordings.delete(attempt.recording)
    except OSError as error:
        logger.error("code=delete_failed attempt=%s %s", attempt.pk, error)
        return
    Attempt.objects.filter(pk=attempt.pk).update(recording="", recording_deleted_at=timezone.now())
