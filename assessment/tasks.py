"""The jobs by the names that Celery knows them by. They only fetch and call."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from celery import shared_task
from celery.signals import worker_process_init, worker_ready
from django.utils import timezone

from assessment import listening, scoring, sweeping


@shared_task
def score_attempt(attempt_id: str) -> None:
    """Score one attempt. Delivered twice it does nothing the second time."""
    scoring.score(UUID(attempt_id))


@shared_task
def sweep() -> None:
    """Find what was lost: attempts that nobody scores, voices that nobody needs."""
    sweeping.sweep(timezone.now())


@shared_task
def tidy() -> None:
    """Find the voices that belong to no attempt."""
    sweeping.delete_orphans(timezone.now())


@worker_process_init.connect
def warm_child(**_: Any) -> None:
    listening.warm()


@worker_ready.connect
def warm_threads(sender: Any, **_: Any) -> None:
    """Where jobs run in this very process; torch must not be loaded before a fork."""
    if not sender.pool.__class__.__module__.endswith("prefork"):
        listening.warm()
