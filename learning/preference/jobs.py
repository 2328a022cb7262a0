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
AGAIN_S = 600  # a job that was lost is asked for again after this


def queue() -> None:
    """Ask a worker for the readings, not more often than every AGAIN_S."""
    try:
        if cache.add(f"study:{sounds.version()}", "asked", AGAIN_S):
            narration.send(TASK, [])
    except RedisError as error:
        logger.error("code=queue_failed readings of the study: %s", error)


def narrate() -> None:
    """Make the readings, if there are none yet and our own voice loads."""
    version, voice = sounds.version(), narrator.own(Path(settings.NARRATOR_BUNDLE))
    if voice is None or not voice.name.endswith(f" {version}"):  # changed since it was loaded
        logger.error("code=bad_bundle no readings of the study: voice %r is not loaded", version)
        return
    try:
        sounds.make(version, sounds.told_by(voice))
    except SpeechError as error:
        logger.error("code=%s no readings of the study: %s", error.code, error)
