"""What a score means for progress. Called from above, with the time passed in."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Profile
from learning import scheduling
from learning.models import Exercise, Progress, SoundCount
from speech.findings import Verdict
from speech.phones import ENGLISH

GOOD = 0.8  # the score from which an exercise counts as done well


def record(
    profile: Profile,
    exercise: Exercise,
    score: float,
    at: datetime,
    missed: Collection[str] = (),
) -> Progress:
    """Count one take or answer, `score` 0..1; they may arrive in any order.

    `missed` are the keys of the items that an answer got wrong, where it tells.
    """
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
        scheduling.answered(profile, exercise, score, at, good=GOOD, missed=missed)
    return progress


def record_sounds(profile: Profile, sounds: Iterable[tuple[str, Verdict]], at: datetime) -> None:
    """Count the judged sounds of one take, for the day that it is here."""
    counted: dict[str, Counter[str]] = {}
    judged = [each for each in sounds if each[0] in ENGLISH]
    for phone, verdict in judged:
        counted.setdefault(phone, Counter())[_column(verdict)] += 1
    day = timezone.localdate(at)
    with transaction.atomic():
        # Always in one order: takes of one learner that end together do not wait for each other.
        SoundCount.objects.bulk_create(
            [SoundCount(profile=profile, phone=phone, day=day) for phone in sorted(counted)],
            ignore_conflicts=True,
        )
        rows = SoundCount.objects.filter(profile=profile, day=day, phone__in=counted)
        changed = list(rows.select_for_update().order_by("phone"))
        for row in changed:
            for column, times in counted[row.phone].items():
                setattr(row, column, getattr(row, column) + times)
        SoundCount.objects.bulk_update(changed, ["right", "unsure", "wrong"])
        scheduling.heard(profile, judged, at)


def _column(verdict: Verdict) -> str:
    if verdict.is_red:
        return "wrong"
    return "right" if verdict is Verdict.RIGHT else "unsure"
