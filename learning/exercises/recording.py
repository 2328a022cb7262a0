"""Every answer of a sitting is written down here, once, and counted as progress."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.dispatch import Signal

from learning import progress
from learning.exercises.checking import Checked
from learning.exercises.sittings import Turn, score
from learning.models import Answer, Exercise, Progress, Sitting

finished = Signal()  # sent once a sitting, inside the transaction that ends it, with `sitting`
RECENT = timedelta(minutes=30)  # an older take is not what was just said
_GIVEN = 200  # characters that a row keeps


def answered(
    sitting: Sitting, turn: int, exercise: Exercise, checked: Checked, now: datetime
) -> bool:
    """Count a chosen or typed answer; False when this turn had one, which then stands."""
    with transaction.atomic():
        if not _written(sitting, turn, exercise, checked.right, checked.given, now):
            return False
        right = float(checked.right)
        progress.record(sitting.profile, exercise, right, now, missed=checked.missed)
    return True


def said(sitting: Sitting, turn: int, exercise: Exercise, now: datetime) -> bool | None:
    """Make the last take, which counts as progress already, the answer of this turn.

    Whether it was good; None when nothing was said lately.
    """
    take = Progress.objects.filter(
        profile=sitting.profile, exercise=exercise, last_at__gte=now - RECENT
    ).first()
    if take is None:
        return None
    right = take.last >= progress.GOOD
    _written(sitting, turn, exercise, right, "", now)
    return right


def _written(
    sitting: Sitting, turn: int, exercise: Exercise, right: bool, given: str, now: datetime
) -> bool:
    try:
        with transaction.atomic():
            Answer.objects.create(
                profile=sitting.profile,
                exercise=exercise,
                sitting=sitting,
                turn=turn,
                right=right,
                given="".join(filter(str.isprintable, given))[:_GIVEN],
                created=now,
            )
    except IntegrityError:
        return False
    return True


def end(sitting: Sitting, turns: list[Turn], now: datetime) -> None:
    """Nothing is left: the sitting is over, once."""
    result = score(sitting.drawn, turns)
    with transaction.atomic():
        if Sitting.objects.filter(pk=sitting.pk, ended=None).update(ended=now, score=result):
            sitting.ended, sitting.score = now, result
            finished.send(Sitting, sitting=sitting)
