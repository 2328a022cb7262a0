"""Putting an attempt in the queue. What is lost here the sweep finds."""

from __future__ import annotations

import logging
from uuid import UUID

from kombu.exceptions import OperationalError

from config.celery import app

logger = logging.getLogger(__name__)
TASK = "assessment.tasks.score_attempt"
RETRY = {"max_retries": 2, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1}


def queue(attempt: UUID, wait_s: float = 0) -> None:
    """Ask a worker to score it, not before `wait_s` seconds."""
    try:
        app.send_task(
            TASK, args=[str(attempt)], countdown=wait_s or None, retry=True, retry_policy=RETRY
        )
    except OperationalError as error:
        logger.error("code=queue_failed attempt=%s %s", attempt, error)
