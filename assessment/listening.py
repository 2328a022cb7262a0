"""The engine of this process: loaded once, by whichever thread needs it first."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING

import numpy as np
from django.conf import settings

from speech import criterion
from speech.errors import SpeechError

if TYPE_CHECKING:
    from speech.engine import Engine

logger = logging.getLogger(__name__)
_lock = threading.Lock()
_engine: Engine | None = None


def engine() -> Engine:
    """The engine, ready. Raises SpeechError bad_bundle."""
    global _engine
    with _lock:
        if _engine is None:
            from speech.engine import Engine  # brings torch, which web processes do without

            _engine = Engine.load(threads=settings.SPEECH_THREADS)
        return _engine


def warm() -> None:
    """Load the engine and let it hear a second of nothing, so that no learner waits for that."""
    started = time.monotonic()
    try:
        hiss = np.random.default_rng(0).normal(0, 0.05, 16_000).astype(np.float32)
        engine().score(hiss, criterion.build("a rabbit"))
    except SpeechError as error:
        logger.error("code=%s the engine did not warm up: %s", error.code, error)
        return
    logger.info("code=warm spent_s=%.1f", time.monotonic() - started)
