"""What follows from the end of a sitting."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from learning import streaks
from learning.exercises.recording import finished
from learning.models import Sitting


@receiver(finished)
def count_lesson(sitting: Sitting, **_: Any) -> None:
    """A lesson or quiz that was gone through counts for the day."""
    if sitting.lesson_id is not None and sitting.ended is not None:
        streaks.count(sitting.profile, sitting.ended, lessons=1)
