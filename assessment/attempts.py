"""From a take to a stored attempt: the checks before it, then file, row and queue in this order."""

from __future__ import annotations

import logging
import uuid
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts import consent
from accounts.models import Profile
from assessment import queueing, recordings
from assessment.errors import Refusal
from assessment.models import Attempt
from assessment.protocol import RATE, Start
from learning.models import Exercise, Page
from speech import audio, thresholds
from speech.criterion import Criterion

logger = logging.getLogger(__name__)
LEAST_SPEECH_S = 0.1


def prepare(speaker: Profile, start: Start) -> Criterion | Attempt:
    """What a take of the text will be held against, or the attempt that the take already is.

    Raises Refusal not_yours|unknown_exercise, SpeechError for a text that cannot be judged.
    """
    stored = of_take(start.take, speaker)
    if stored is not None:
        return stored
    text = _text(start)
    if text is None:
        raise Refusal("unknown_exercise", f"exercise {start.exercise} page {start.page}")
    strictness = speaker.strictness_in_force.value
    return text.criterion(strictness=strictness, model=thresholds.version())


def _text(start: Start) -> Exercise | Page | None:
    """What is to be read, if learners may see it."""
    if start.page:
        pages = Page.objects.filter(retired=False, book__published=True)
        return pages.select_related("book").filter(pk=start.page).first()
    exercises = Exercise.objects.filter(retired=False, lesson__published=True)
    return exercises.filter(pk=start.exercise).first()


def allowed(profile: Profile | None) -> Profile:
    """The profile, if it may record. Raises Refusal no_consent."""
    if profile is None or not consent.may_record(profile):
        raise Refusal("no_consent", f"profile {profile.pk if profile else None}")
    return profile


def of_take(take: UUID, profile: Profile) -> Attempt | None:
    """The attempt that a take has become. Raises Refusal not_yours."""
    attempt = Attempt.objects.filter(take=take).first()
    if attempt is not None and attempt.profile_id != profile.pk:
        raise Refusal("not_yours", f"take {take}")
    return attempt


def examine(pcm: bytes, speech_s: float) -> tuple[str, ...]:
    """Refuse what cannot be judged: empty, too short, too quiet, no voice. Notes on the rest."""
    notes = audio.check(audio.from_pcm16(pcm))
    if speech_s < LEAST_SPEECH_S:
        raise Refusal("no_speech", f"{speech_s:.2f} s of speech")
    return notes


def store(
    profile: Profile | None,
    start: Start,
    criterion: Criterion,
    pcm: bytes,
    notes: tuple[str, ...] = (),
) -> Attempt:
    """Make the take an attempt, once. When this returns nothing can lose it any more.

    Raises Refusal no_consent|not_yours.
    """
    speaker = allowed(profile)
    stored = of_take(start.take, speaker)
    if stored is not None:
        return stored
    attempt = Attempt(
        id=uuid.uuid4(),
        take=start.take,
        profile=speaker,
        exercise=Exercise.objects.filter(pk=start.exercise).first(),
        page=Page.objects.filter(pk=start.page).first(),
        criterion=criterion.to_json(),
        notes=list(notes),
        duration_s=len(pcm) / 2 / RATE,
    )
    attempt.recording = recordings.write(attempt.id, pcm)
    try:
        with transaction.atomic():
            attempt.save(force_insert=True)
            transaction.on_commit(lambda: queueing.queue(attempt.id), robust=True)
    except IntegrityError as error:
        recordings.delete(attempt.recording)
        stored = of_take(start.take, speaker)  # another socket was faster
        if stored is None:  # the profile was deleted meanwhile
            raise Refusal("no_consent", f"profile {speaker.pk}: {error}") from error
        return stored
    logger.info(
        "code=stored attempt=%s duration_s=%.1f notes=%s",
        attempt.id,
        attempt.duration_s,
        ",".join(notes),
    )
    return attempt
