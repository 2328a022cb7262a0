"""When each word, rule and sound is asked again: spaced repetition by FSRS.

An answer reviews the cards of what its exercise practises. Nothing comes twice in a day by the
schedule: a session itself repeats what went wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from fsrs import Card, Rating, Scheduler, State

from accounts.models import Profile
from learning import streaks
from learning.models import Exercise, Item, Practice, Review
from speech.findings import Verdict

# Without steps of minutes every interval is in days; without fuzz the same answers give the same.
FSRS = Scheduler(
    desired_retention=0.9,
    learning_steps=(),
    relearning_steps=(),
    maximum_interval=365,
    enable_fuzzing=False,
)
KNOWN_DAYS = 7.0  # stability from which something counts as known: right on a second day
HALF = 0.5  # of a good score: from there on a take was at least of what was asked
_DAY = timedelta(days=1)


def answered(
    profile: Profile,
    exercise: Exercise,
    score: float,
    at: datetime,
    *,
    good: float,
    missed: Collection[str] = (),
) -> None:
    """Count an answer or a take, whose score of 0..1 is good from `good` on.

    `missed` are the keys of the items that an answer got wrong, where it tells. Of a take that has
    faults the words are still known: only one of something else is a lapse.
    """
    with transaction.atomic(savepoint=False):
        streaks.count(profile, at, answers=1)
        items = _practised(exercise)
        if missed:
            ratings = {
                pk: Rating.Again if key in missed else Rating.Good for pk, key in items.items()
            }
        elif score >= good:
            ratings = dict.fromkeys(items, Rating.Good)
        elif score >= HALF * good:
            ratings = dict.fromkeys(items, Rating.Hard)
        else:  # the others were not put to the test
            ratings = dict.fromkeys(list(items)[:1], Rating.Again)
        review(profile, ratings, at)


def heard(profile: Profile, sounds: Iterable[tuple[str, Verdict]], at: datetime) -> None:
    """Review the sounds of a take: those that went wrong, and those that ever did."""
    counted: dict[str, Counter[bool]] = {}
    for phone, verdict in sounds:
        if verdict.is_red or verdict is Verdict.RIGHT:
            counted.setdefault(phone, Counter())[verdict.is_red] += 1
    wrong = [phone for phone, times in counted.items() if times[True]]
    items = Item.objects.filter(kind=Item.Kind.SOUND, retired=False, key__in=counted)
    met = Review.objects.filter(profile=profile).values("item")
    items = items.filter(Q(key__in=wrong) | Q(pk__in=met))
    ratings = {pk: _rating(counted[key]) for pk, key in items.values_list("pk", "key")}
    review(profile, ratings, at)


def review(profile: Profile, ratings: Mapping[int, Rating], at: datetime) -> None:
    """Review the cards of items, by their ids; those not met before get one."""
    if not ratings:
        return
    with transaction.atomic(savepoint=False):
        # Always in one order: answers that come together do not wait for each other.
        Review.objects.bulk_create(
            [Review(profile=profile, item_id=pk, due=at) for pk in sorted(ratings)],
            ignore_conflicts=True,
        )
        rows = Review.objects.filter(profile=profile, item__in=ratings)
        found = list(rows.select_for_update().order_by("item"))
        for row in found:
            rate(row, ratings[row.item_id], at)
        Review.objects.bulk_update(
            found,
            ["state", "step", "stability", "difficulty", "due", "last_review", "reps", "lapses"],
        )


def rate(row: Review, rating: Rating, at: datetime) -> None:
    """What an answer does to a card; nothing is saved.

    A card from a future that the clock has left again counts as reviewed just now.
    """
    at = at.astimezone(UTC)
    last = min(row.last_review, at) if row.last_review else None
    state, step, due = State(row.state), row.step, row.due
    card = Card(row.pk or 0, state, step, row.stability, row.difficulty, due, last)
    card, _ = FSRS.review_card(card, rating, at)
    if rating is Rating.Again and last and at - last >= _DAY:
        row.lapses += 1
    row.reps += 1
    row.state, row.step = card.state.value, card.step
    row.stability, row.difficulty = card.stability, card.difficulty
    row.due, row.last_review = card.due, card.last_review


def due(profile: Profile, now: datetime) -> QuerySet[Review]:
    """What is to be reviewed today, what has waited longest first.

    A card from a future that the clock has left again is due too.
    """
    ripe = Q(due__lt=end_of_day(now)) | Q(last_review__gt=now + _DAY)
    found = Review.objects.filter(ripe, profile=profile, item__retired=False)
    return found.order_by("due", "pk")


def end_of_day(now: datetime) -> datetime:
    """Midnight, as the clock here has it."""
    tomorrow = timezone.localdate(now) + _DAY
    return timezone.make_aware(datetime.combine(tomorrow, time.min))


def _practised(exercise: Exercise) -> dict[int, str]:
    """Id -> key of the items that an exercise practises, the most important first."""
    found = Practice.objects.filter(exercise=exercise, item__retired=False)
    if exercise.is_spoken:  # `heard` says more of its sounds
        found = found.exclude(item__kind=Item.Kind.SOUND)
    return dict(found.values_list("item", "item__key"))


def _rating(times: Counter[bool]) -> Rating:
    """Of a sound, by how often it went wrong (True) and right (False) in a take."""
    if not times[True]:
        return Rating.Good
    return Rating.Hard if times[False] > times[True] else Rating.Again
