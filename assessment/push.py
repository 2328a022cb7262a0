"""Telling the page: the feedback goes to every socket of the learner, on whichever node."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import Future
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

from assessment import feedback as fragments
from assessment.models import Attempt
from config import server_loop

logger = logging.getLogger(__name__)


def group_of(profile: UUID) -> str:
    return f"profile.{profile}"


def feedback(attempt: Attempt) -> None:
    """Push the answer. Best effort: the page can ask for it too."""
    try:
        message = {
            "type": "attempt.feedback",
            "attempt": str(attempt.pk),
            "html": fragments.render(attempt),
        }
        send = get_channel_layer().group_send
        loop = server_loop.current()
        if loop is None:
            async_to_sync(send)(group_of(attempt.profile_id), message)
            return
        # The in-memory layer is not thread-safe: handed over, it is heard at once.
        sent = asyncio.run_coroutine_threadsafe(send(group_of(attempt.profile_id), message), loop)
        sent.add_done_callback(_log)
    except Exception:
        logger.exception("code=push_failed attempt=%s", attempt.pk)


def _log(sent: Future[Any]) -> None:
    if not sent.cancelled() and sent.exception() is not None:
        logger.error("code=push_failed %s", sent.exception())
