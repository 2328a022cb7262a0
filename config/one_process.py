"""The one-machine form: jobs and the periodic sweep in threads beside the server."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from celery.beat import EmbeddedService
from celery.signals import worker_ready
from celery.worker import WorkController, state
from django.conf import settings

from config.celery import app

QUEUES = ["score", "narrate", "maintain"]
PATIENCE_S = 10


@contextmanager
def jobs() -> Iterator[None]:
    """Work on jobs, and start those that are due again and again, as long as the context lasts."""
    app.set_default()
    worker = WorkController(
        app=app,
        pool="threads",
        concurrency=settings.WORKER_THREADS,
        queues=QUEUES,
        without_heartbeat=True,
        without_mingle=True,
        without_gossip=True,
        # A worker of its own process says so too: the engine then loads, in the worker's thread.
        ready_callback=lambda consumer: worker_ready.send(sender=consumer),
    )
    worker_thread = threading.Thread(target=worker.start, name="worker", daemon=True)
    clock = EmbeddedService(app, thread=True, scheduler_cls="celery.beat:Scheduler")
    worker_thread.start()
    clock.start()
    try:
        yield
    finally:
        clock.service.stop()
        # Celery's own flag: the consumer leaves its loop and lets the jobs in hand finish.
        state.should_stop = 0
        # It looks at the flag after a message or two seconds, and then takes one message more.
        for _ in range(2):
            app.send_task("celery.backend_cleanup", queue="maintain")
        worker_thread.join(PATIENCE_S)
