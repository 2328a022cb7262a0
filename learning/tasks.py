"""The jobs by the names that Celery knows them by. They only fetch and call."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from learning import narration, narration_ahead, narration_texts
from learning.preference import jobs
from learning.voice import Passage


@shared_task
def narrate_passage(*fields: Any) -> None:
    """Say what a page waits for. Asked for twice it is made once."""
    narration.work(Passage.of(fields))


@shared_task
def narrate_published(model: str, pk: int, failed: int = 0) -> None:
    """Say what is heard in a lesson or book that was just published."""
    narration_ahead.published(model, pk, failed)


@shared_task
def narrate_rest(failed: int) -> None:
    """Say what is missing of all, asked for in admin."""
    narration_ahead.rest(failed)


@shared_task
def narrate_ahead() -> None:
    """Say a little of the course before anybody asks."""
    narration_ahead.ahead()


@shared_task
def narrate_study() -> None:
    """The readings that adults compare. Made already, it does nothing."""
    jobs.narrate()


@shared_task
def prune_voices() -> None:
    """Delete what voices of before said."""
    narration_ahead.prune(narration_texts.everything())
