"""Having the readings made, once the voice is there."""

from __future__ import annotations

import logging
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from learning import narration
from learning.preference import sounds
from speech import narrator
from speech.errors import SpeechError

logger = logging.getLogger(__name__)
TASK = "learning.tasks.narrate_study"
AGAIN_S = 600  # a job that was lost, or failed, is asked for again after this
ASKED, FAILED = "asked", "failed"


def queue() -> None:
    """Ask a worker for the readings, not more often than every AGAIN_S."""
    try:
        if cache.add(_key(), ASKED, AGAIN_S):
            narration.send(TASK, [])
    except RedisError as error:
        logger.error("code=queue_failed readings of the study: %s", error)


def failed() -> bool:
    """Whether the last job could not make them."""
    try:
        return bool(cache.get(_key()) == FAILED)
    except RedisError:
        return False


def narrate() -> None:
    """Make the readings, if there are none yet and our own voice loads."""
    version, voice = sounds.version(), narrator.own(Path(settings.NARRATOR_BUNDLE))
    try:
        if voice is None or not voice.name.endswith(f" {version}"):  # changed since it was loaded
            raise SpeechError("bad_bundle", f"voice {version!r} is not loaded")
        sounds.make(version, sounds.told_by(voice))
    except SpeechError as error:
        logger.error("code=%s no readings of the study: %s", error.code, error)
        cache.set(_key(), FAILED, AGAIN_S)


def _key() -> str:
    return f"study:{sounds.version()}"
