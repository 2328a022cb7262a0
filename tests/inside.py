"""What tests do inside an installation that runs in processes of its own."""

import json
import uuid
from dataclasses import dataclass
from typing import Any

from tests.site import Site


@dataclass(frozen=True)
class Guest:
    """A learner of another process: her cookie, something to say, and what she said already."""

    cookie: str
    exercise: int
    attempts: list[str]


def guest(site: Site, takes: int = 0) -> Guest:
    """A learner, with so many attempts as a web node stores them."""
    return Guest(**_run(site, f"invite({takes})"))


def queue(site: Site, attempt: str) -> None:
    """Queue an attempt once more."""
    _run(site, f"queue_again({attempt!r})")


def _run(site: Site, call: str) -> Any:
    code = f"import json; from tests import inside; print(json.dumps(inside.{call}))"
    return json.loads(site.manage("shell", "--no-imports", "-c", code).splitlines()[-1])


# In the other process


def invite(takes: int) -> dict[str, Any]:
    from assessment import attempts
    from assessment.protocol import Start
    from tests import lessons, people
    from tests.voices import voice

    person, exercise = people.learner(), lessons.exercise(voice().text)
    criterion, pcm = exercise.criterion(model="test"), voice().pcm * 6
    stored = [
        attempts.store(person.profile, Start(uuid.uuid4(), exercise.pk), criterion, pcm)
        for _ in range(takes)
    ]
    cookies = person.client.cookies.items()
    return {
        "cookie": "; ".join(f"{name}={cookie.value}" for name, cookie in cookies),
        "exercise": exercise.pk,
        "attempts": [str(attempt.pk) for attempt in stored],
    }


def queue_again(attempt: str) -> None:
    from assessment import queueing

    queueing.queue(uuid.UUID(attempt))
