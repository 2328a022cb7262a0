"""The voice on request: a file that is there, one that a worker makes meanwhile, or a stand-in.

Only a worker loads our voice, which takes torch. The cache, which all machines share, says what was
asked for, what somebody is making, what failed, and whether any worker answers.
"""

from __future__ import annotations

import datetime
import logging
import time
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from config.celery import app
from learning import voice
from learning.voice import STAND_IN, Passage, Voice
from speech import narrator
from speech.errors import SpeechError

logger = logging.getLogger(__name__)
TASK = "learning.tasks.narrate_passage"
RETRY = {"max_retries": 2, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1}
ASKED_S = 120  # so long a job waits for its worker, and nobody asks again
FAILED_S = 300  # before what failed is tried again
AWAY = "voice:away"  # nobody answered, or the bundle does not load: nobody waits
AWAY_S = 30
BAD_BUNDLE = "bad_bundle"  # why nobody waits: else nobody answered
ANSWERED = "voice:answered"  # when a worker last did
FAILURES = "voice:failures:"
MOST_FAILURES = 20
REMEMBERED_S = 7 * 24 * 3600
SOONEST_S, LATEST_S = 0.02, 0.25  # between two looks whether it is there


class Given(NamedTuple):
    """A file, and who speaks in it."""

    data: bytes
    voice: Voice


class Failure(NamedTuple):
    """What could not be said, and why."""

    at: datetime.datetime
    passage: Passage
    code: str


def given(passage: Passage, kind: str, part: int | None = None) -> Given:
    """The file of a passage, or of one of its sentences. Raises SpeechError where nothing can be
    said."""
    own = voice.current()
    if own is not STAND_IN:
        data = own.kept(passage, kind, part)
        if data is None:
            passage.check()
            ask(passage)
            data = _awaited(own, passage, kind, part)
        if data is not None:
            return Given(data, own)
    return Given(_stand_in(passage, kind, part), STAND_IN)


def ask(passage: Passage) -> None:
    """Have a worker make it, unless that was asked a moment ago."""
    own = voice.current()
    try:
        if own is STAND_IN or cache.get(_failed(own, passage)):
            return
        if cache.add(_asked(own, passage), 1, ASKED_S):
            send(TASK, [passage.said, passage.style, passage.speed], expires=ASKED_S)
    except RedisError as error:
        logger.error("code=queue_failed %s", error)


def send(task: str, passage: list[Any], **options: Any) -> bool:
    """Queue a job; whether it was. Without a broker it is only said so."""
    try:
        app.send_task(task, args=passage, retry=True, retry_policy=RETRY, **options)
    except OperationalError as error:
        logger.error("code=queue_failed task=%s %s", task, error)
        return False
    return True


def _awaited(own: Voice, passage: Passage, kind: str, part: int | None) -> bytes | None:
    """The file once it is there; None where it fails or does not come in time."""
    end, pause = time.monotonic() + settings.NARRATE_WAIT_S, SOONEST_S
    try:
        while (data := own.kept(passage, kind, part)) is None:
            if cache.get(_failed(own, passage)) or cache.get(AWAY):
                return None
            if time.monotonic() > end:
                if not cache.get(_made(own, passage, None)):
                    logger.error("code=no_narrator nobody spoke in %s s", settings.NARRATE_WAIT_S)
                    cache.set(AWAY, 1, AWAY_S)
                return None
            time.sleep(pause)
            pause = min(2 * pause, LATEST_S)
    except RedisError as error:
        logger.error("code=no_narrator %s", error)
        return None
    return data


def _stand_in(passage: Passage, kind: str, part: int | None) -> bytes:
    """By espeak-ng, here and now."""
    data = STAND_IN.kept(passage, kind, part)
    if data is None:
        make(STAND_IN, passage, part)
        data = STAND_IN.kept(passage, kind, part)
    started = time.monotonic()
    while data is None:  # somebody else is at it
        if time.monotonic() - started > settings.NARRATE_WAIT_S:
            raise SpeechError("deadline", passage.key, permanent=False)
        time.sleep(SOONEST_S)
        data = STAND_IN.kept(passage, kind, part)
    return data


def make(who: Voice, passage: Passage, part: int | None = None) -> bool:
    """Make the files unless somebody else is at it; whether it was done. Raises SpeechError."""
    key = _made(who, passage, part)
    try:
        if not cache.add(key, 1, settings.NARRATE_LEASE_S):
            return False
    except RedisError as error:  # then it may be made twice
        logger.error("code=no_claim %s", error)
        for _ in who.making(passage, part):
            pass
        return True
    try:
        for _ in who.making(passage, part):
            cache.touch(key, settings.NARRATE_LEASE_S)
    finally:
        cache.delete(key)
    return True


def made(passage: Passage) -> bool:
    """Make it by the voice of this installation, here and now; what cannot be said is logged."""
    own = voice.current()
    try:
        make(own, passage)
    except SpeechError as error:
        logger.error("code=%s no voice for %.80r: %s", error.code, passage.said, error)
        _remember(own, Failure(timezone.now(), passage, error.code))
        return False
    return True


def work(passage: Passage) -> None:
    """A worker's job: what it cannot make it says, and the page is answered by the stand-in."""
    answer()
    own = voice.current()
    if own is STAND_IN:
        return
    try:
        if not loads():
            return
        cache.delete(AWAY)
        if not own.has(passage):
            make(own, passage)
    except Exception as error:  # whatever it is, somebody waits for an answer
        code = error.code if isinstance(error, SpeechError) else type(error).__name__
        logger.error("code=%s no voice for %.80r: %s", code, passage.said, error)
        cache.set(_failed(own, passage), code, FAILED_S)
        _remember(own, Failure(timezone.now(), passage, code))
    finally:
        cache.delete(_asked(own, passage))


def loads() -> bool:
    """Whether our voice is there; else nobody waits for it for a while. Loads torch."""
    if narrator.own(Path(settings.NARRATOR_BUNDLE)) is not None:
        return True
    cache.set(AWAY, BAD_BUNDLE, FAILED_S)
    return False


def answer() -> None:
    """A worker says that it is there. Each does so in every job, and one comes each half minute."""
    cache.set(ANSWERED, timezone.now(), REMEMBERED_S)


def failures(who: Voice) -> list[Failure]:
    """What a voice could not say of late, the last first."""
    found: list[Failure] = cache.get(FAILURES + who.folder, [])
    return found


def _remember(who: Voice, failure: Failure) -> None:
    """Of two that fail at the same moment one may be forgotten."""
    try:
        others = [each for each in failures(who) if each.passage != failure.passage]
        cache.set(FAILURES + who.folder, [failure, *others][:MOST_FAILURES], REMEMBERED_S)
    except RedisError as error:
        logger.error("code=no_claim %s", error)


def _asked(who: Voice, passage: Passage) -> str:
    return f"voice:asked:{who.folder}:{passage.key}"


def _made(who: Voice, passage: Passage, part: int | None) -> str:
    return f"voice:made:{who.folder}:{passage.key}:{part}"


def _failed(who: Voice, passage: Passage) -> str:
    return f"voice:failed:{who.folder}:{passage.key}"
