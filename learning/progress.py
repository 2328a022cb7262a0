"""What a score means for progress. Called from above, with the time passed in."""

from datetime import datetime

from django.db import transaction

from accounts.models import Profile
from learning.models import Exercise, Progress

GOOD = 0.8  # the score from which an exercise counts as done well


def record(profile: Profile, exercise: Exercise, score: float, at: datetime) -> Progress:
    """Count one scored take, `score` 0..1. Takes may arrive in any order."""
    score = min(1.0, max(0.0, score))
    with transaction.atomic():
        progress, _ = Progress.objects.select_for_update().get_or_create(
            profile=profile, exercise=exercise, defaults={"last_at": at, "last": score}
        )
        progress.attempts += 1
        progress.best = max(progress.best, score)
        if at >= progress.last_at:
            progress.last, progress.last_at = score, at
        progress.save()
    return progress
