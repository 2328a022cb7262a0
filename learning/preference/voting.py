"""Taking part: joining, hearing, voting once a pair, taking everything back."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from learning.models import Participant, Trial
from learning.preference import design
from learning.preference.passages import passages

TEXT_VERSION = "1"  # of what is agreed to: templates/learning/preference/consent-1.html
TRIES = 5  # somebody else may take the same number
SLACK_S = 2.0  # two readings may end so much sooner than their lengths say
FIRST, SECOND = "a", "b"  # what the page calls them
HEARD_AT = {FIRST: "first_heard_at", SECOND: "second_heard_at"}
CHOICES = {
    FIRST: Trial.Choice.FIRST,
    SECOND: Trial.Choice.SECOND,
    "same": Trial.Choice.SAME,
    "skip": Trial.Choice.SKIPPED,
}


class NotHeard(Exception):
    """A vote before both readings were heard."""


def own(person: UUID | None, user: User | None) -> QuerySet[Participant]:
    """All that somebody takes part in: by their account, or by what the session remembers."""
    mine = Q(person=person) if person else Q(pk=None)
    return Participant.objects.filter(mine | Q(user=user) if user else mine)


def joined(person: UUID | None, user: User | None, voice: str) -> Participant | None:
    """Who takes part for this version of the voice; an account before the session."""
    found = own(person, user).filter(voice=voice)
    return next(iter(sorted(found, key=lambda each: each.user_id is None)), None)


def join(person: UUID, user: User | None, voice: str, now: datetime) -> Participant:
    """Take part, with the pairs that are next in the plan; asked twice, it is once."""
    for _ in range(TRIES):
        already = joined(person, user, voice)
        if already is not None:
            return already
        try:
            with transaction.atomic():
                return _join(person, user, voice, now)
        except IntegrityError:
            continue
    raise RuntimeError("no number was free")


def _join(person: UUID, user: User | None, voice: str, now: datetime) -> Participant:
    taken = set(Participant.objects.filter(voice=voice).values_list("number", flat=True))
    participant = Participant.objects.create(
        person=person,
        user=user,
        voice=voice,
        number=next(each for each in count() if each not in taken),
        text_version=TEXT_VERSION,
        agreed_at=now,
    )
    planned = design.plan(participant.number, [each.key for each in passages()])
    Trial.objects.bulk_create(
        Trial(participant=participant, position=position, **each._asdict())
        for position, each in enumerate(planned)
    )
    return participant


def trials(participant: Participant) -> QuerySet[Trial]:
    """Their pairs, but those of a passage that an update took out of the study."""
    return participant.trials.filter(passage__in=[each.key for each in passages()])


def heard(trial: Trial, side: str, now: datetime) -> None:
    """A reading was asked for; the first time counts."""
    name = HEARD_AT[side]
    Trial.objects.filter(pk=trial.pk, **{name: None}).update(**{name: now})


def vote(trial: Trial, choice: str, length_s: float, now: datetime) -> bool:
    """Count a vote on two readings that last `length_s` together; False where there is one already.

    Raises NotHeard: one of them was not asked for, or not long enough ago for both to have ended.
    """
    begun = [at for at in (trial.first_heard_at, trial.second_heard_at) if at is not None]
    seconds = (now - min(begun)).total_seconds() if begun else None
    if choice != "skip" and (
        len(begun) < 2 or seconds is None or seconds < max(0.0, length_s - SLACK_S)
    ):
        raise NotHeard
    waiting = Trial.objects.filter(pk=trial.pk, choice="")
    return bool(waiting.update(choice=CHOICES[choice], voted_at=now, seconds=seconds))


def withdraw(person: UUID | None, user: User | None) -> int:
    """Delete everything of somebody's; how many votes that were."""
    mine = own(person, user)
    votes = Trial.objects.filter(participant__in=mine).exclude(choice="").count()
    mine.delete()
    return votes
