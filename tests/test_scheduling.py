"""Spaced repetition: what an answer does to what it practised, and what is due."""

import re
import threading
import time
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from fsrs import Rating

from accounts.models import Profile
from learning import progress, scheduling
from learning.models import Exercise, Item, Review, Word
from speech.findings import Verdict
from tests import reviews
from tests.people import Person
from tests.reviews import DAY, NOON

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
GOOD, AGAIN, HARD = Rating.Good, Rating.Again, Rating.Hard


def intervals(*ratings: Rating) -> list[int]:
    """Days between answers that come when they are due."""
    row, at, found = Review(due=NOON), NOON, []
    for rating in ratings:
        scheduling.rate(row, rating, at)
        found.append((row.due - at).days)
        at = row.due
    return found


def due(person: Person, now: datetime) -> list[str]:
    return list(scheduling.due(person.profile, now).values_list("item__key", flat=True))


# Cards


def test_what_goes_right_is_asked_ever_later_but_within_a_year() -> None:
    assert intervals(GOOD, GOOD, GOOD, GOOD, GOOD, GOOD) == [2, 11, 46, 163, 365, 365]


def test_what_was_hard_comes_sooner() -> None:
    assert intervals(HARD, HARD, HARD) == [1, 3, 7]


def test_what_went_wrong_at_first_comes_tomorrow() -> None:
    assert intervals(AGAIN, GOOD, GOOD, GOOD) == [1, 2, 6, 17]


def test_a_lapse_starts_over_but_not_from_nothing() -> None:
    assert intervals(GOOD, GOOD, GOOD, AGAIN, GOOD, GOOD) == [2, 11, 46, 3, 8, 19]


def test_a_lapse_is_counted_once_a_day_and_only_of_what_was_known() -> None:
    row = Review(due=NOON)
    scheduling.rate(row, AGAIN, NOON)
    assert (row.reps, row.lapses) == (1, 0)
    for minutes in (0, 1, 2):
        scheduling.rate(row, AGAIN, NOON + 3 * DAY + timedelta(minutes=minutes))
    assert (row.reps, row.lapses) == (4, 1)


def test_right_again_on_the_same_day_gains_nothing() -> None:
    row = Review(due=NOON)
    scheduling.rate(row, GOOD, NOON)
    stability = row.stability
    for minutes in range(1, 9):
        scheduling.rate(row, GOOD, NOON + timedelta(minutes=minutes))
    assert row.stability == stability
    assert (row.due - NOON).days == 2


def test_a_known_word_is_one_that_was_right_on_a_second_day() -> None:
    row = Review(due=NOON)
    scheduling.rate(row, GOOD, NOON)
    assert row.stability is not None and row.stability < scheduling.KNOWN_DAYS
    scheduling.rate(row, GOOD, row.due)
    assert row.stability >= scheduling.KNOWN_DAYS


def test_a_clock_that_goes_backwards_does_no_harm() -> None:
    row = Review(due=NOON)
    scheduling.rate(row, GOOD, NOON + 4000 * DAY)
    scheduling.rate(row, GOOD, NOON)
    assert row.last_review == NOON
    assert row.due == NOON + 2 * DAY


def test_a_clock_far_ahead_does_no_harm() -> None:
    row = Review(due=NOON)
    scheduling.rate(row, GOOD, NOON)
    scheduling.rate(row, GOOD, NOON + 40_000 * DAY)
    assert timedelta() < row.due - (NOON + 40_000 * DAY) <= 365 * DAY


# Answers


def test_a_right_answer_reviews_everything_that_was_practised(learner: Person) -> None:
    cat, dog = reviews.word("cat"), reviews.word("dog")
    reviews.answer(learner.profile, reviews.exercise(cat, dog))
    assert [reviews.review(learner.profile, each).due for each in (cat, dog)] == [
        NOON + 2 * DAY
    ] * 2


def test_a_wrong_answer_speaks_of_the_first_item_alone(learner: Person) -> None:
    cat, dog = reviews.word("cat"), reviews.word("dog")
    reviews.answer(learner.profile, reviews.exercise(cat, dog), right=False)
    assert reviews.review(learner.profile, cat).due == NOON + DAY
    assert not Review.objects.filter(item=dog).exists()


def test_a_match_tells_which_words_were_missed(learner: Person) -> None:
    cat, dog, cow = (reviews.word(each) for each in ("cat", "dog", "cow"))
    match = reviews.exercise(cat, dog, cow, kind=Exercise.Kind.PICTURE_MATCH)
    progress.record(learner.profile, match, 0.0, NOON, missed=("dog", "cow"))
    days = [(reviews.review(learner.profile, each).due - NOON).days for each in (cat, dog, cow)]
    assert days == [2, 1, 1]


@pytest.mark.parametrize(("score", "days"), [(0.9, 2), (0.8, 2), (0.6, 1), (0.1, 1)])
def test_a_take_counts_by_its_score(learner: Person, score: float, days: int) -> None:
    cat, dog = reviews.word("cat"), reviews.word("dog")
    spoken = reviews.exercise(cat, dog, kind=Exercise.Kind.SEE_SAY, text="a cat and a dog")
    progress.record(learner.profile, spoken, score, NOON)
    assert (reviews.review(learner.profile, cat).due - NOON).days == days
    assert Review.objects.filter(item=dog).exists() == (score > 0.4)


def test_a_take_reviews_the_sounds_that_went_wrong_and_those_that_ever_did(
    learner: Person, stranger: Person
) -> None:
    sounds = {phone: reviews.sound(phone) for phone in ("IH", "V", "S")}
    take = [("IH", Verdict.WRONG), ("V", Verdict.RIGHT), ("S", Verdict.UNSURE)]
    progress.record_sounds(learner.profile, take, NOON)
    assert list(Review.objects.values_list("item__key", flat=True)) == ["IH"]
    progress.record_sounds(stranger.profile, [("V", Verdict.WRONG)], NOON)
    take = [("IH", Verdict.RIGHT), ("V", Verdict.RIGHT)]
    progress.record_sounds(learner.profile, take, NOON + DAY)
    found = Review.objects.get(profile=learner.profile)
    assert (found.item, found.reps) == (sounds["IH"], 2)
    assert found.due > NOON + 2 * DAY


def test_a_sound_mostly_right_in_a_take_is_no_lapse(learner: Person) -> None:
    phone = reviews.sound("IH")
    take = [("IH", Verdict.RIGHT)] * 3 + [("IH", Verdict.WRONG)]
    progress.record_sounds(learner.profile, take, NOON)
    stability = reviews.review(learner.profile, phone).stability
    assert stability == scheduling.FSRS.parameters[HARD - 1]


def test_the_score_of_a_take_leaves_its_sounds_to_their_verdicts(learner: Person) -> None:
    phone, ship = reviews.sound("IH"), reviews.word("ship")
    spoken = reviews.exercise(phone, ship, kind=Exercise.Kind.LISTEN_SAY, text="ship")
    chosen = reviews.exercise(phone, kind=Exercise.Kind.LISTEN_CHOOSE)
    progress.record(learner.profile, spoken, 0.9, NOON)
    assert list(Review.objects.values_list("item", flat=True)) == [ship.pk]
    reviews.answer(learner.profile, chosen)
    assert reviews.review(learner.profile, phone).reps == 1


@pytest.mark.django_db(transaction=True)
def test_answers_that_come_at_once_are_all_counted(learner: Person) -> None:
    items = [reviews.word(each) for each in ("cat", "dog", "cow")]
    done = [reviews.exercise(*items), reviews.exercise(*items[::-1])]
    start = threading.Barrier(6)

    def end(number: int) -> None:
        start.wait()
        reviews.answer(learner.profile, done[number % 2])
        connection.close()

    threads = [threading.Thread(target=end, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(Review.objects.values_list("reps", flat=True)) == [6, 6, 6]
    assert learner.profile.days.get().answers == 6


def test_an_answer_takes_as_many_queries_however_much_it_practises(learner: Person) -> None:
    few = reviews.exercise(reviews.word("cat"))
    many = reviews.exercise(*(reviews.word(f"w{number}") for number in range(9)))
    counts = []
    for done in (few, few, many, many):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            reviews.answer(learner.profile, done)
        counts.append(len(queries))
    assert counts[1] == counts[3]
    assert counts[2] <= counts[0]


# What is due


def test_due_is_what_ripens_before_midnight_oldest_first(learner: Person) -> None:
    for ago, english in ((3, "cat"), (1, "dog"), (2, "cow")):
        done = reviews.exercise(reviews.word(english))
        reviews.answer(learner.profile, done, right=False, at=NOON - ago * DAY)
    assert due(learner, NOON - timedelta(hours=11)) == ["cat", "cow", "dog"]
    assert due(learner, NOON - DAY) == ["cat", "cow"]
    midnight = scheduling.end_of_day(NOON)
    assert midnight.isoformat() == "2030-01-11T00:00:00+01:00"


def test_what_was_answered_does_not_come_back_on_the_same_day(learner: Person) -> None:
    done = reviews.exercise(reviews.word("cat"))
    for hours in range(6):
        reviews.answer(learner.profile, done, right=False, at=NOON + timedelta(hours=hours))
        assert due(learner, NOON + timedelta(hours=hours)) == []


def test_each_learner_has_reviews_of_their_own(learner: Person, stranger: Person) -> None:
    reviews.answer(learner.profile, reviews.exercise(reviews.word("cat")), at=NOON - 9 * DAY)
    assert due(learner, NOON) == ["cat"]
    assert due(stranger, NOON) == []


def test_a_card_from_a_future_that_the_clock_has_left_is_due(learner: Person) -> None:
    done = reviews.exercise(reviews.word("cat"))
    reviews.answer(learner.profile, done, at=NOON + 900 * DAY)
    assert due(learner, NOON) == ["cat"]
    reviews.answer(learner.profile, done, at=NOON)
    assert due(learner, NOON) == []
    assert due(learner, NOON + 2 * DAY) == ["cat"]


def test_a_retired_word_is_not_asked_and_not_forgotten(learner: Person) -> None:
    cat = reviews.word("cat")
    done = reviews.exercise(cat)
    reviews.answer(learner.profile, done, at=NOON - 9 * DAY)
    Word.objects.update(retired=True)
    assert due(learner, NOON) == []
    reviews.answer(learner.profile, done)
    assert reviews.review(learner.profile, cat).reps == 1
    Word.objects.update(retired=False)
    assert due(learner, NOON) == ["cat"]


def test_a_word_with_reviews_is_not_deleted(learner: Person) -> None:
    cat, dog = reviews.word("cat"), reviews.word("dog")
    reviews.answer(learner.profile, reviews.exercise(cat))
    dog.delete()
    with pytest.raises(ProtectedError):
        cat.delete()
    assert Word.objects.get() == cat


def test_reviews_go_with_their_learner(learner: Person) -> None:
    reviews.answer(learner.profile, reviews.exercise(reviews.word("cat")))
    learner.profile.delete()
    assert not Review.objects.exists()
    assert Word.objects.exists()


def test_due_stays_quick_among_many_rows(learner: Person) -> None:
    where = reviews.lesson()
    items = Item.objects.bulk_create(
        Item(course=where.unit.course, key=f"w{number}", kind=Item.Kind.WORD)
        for number in range(200)
    )
    others = Profile.objects.bulk_create(Profile() for _ in range(60))
    rows = [
        Review(profile=profile, item=item, due=NOON - DAY, last_review=NOON - 9 * DAY)
        for profile in (*others, learner.profile)
        for item in items
    ]
    Review.objects.bulk_create(rows, 2000)
    found = scheduling.due(learner.profile, NOON)
    assert not re.search(r"(SCAN|Seq Scan on) learning_review\b", found.explain())
    times = []
    for _ in range(3):
        started = time.perf_counter()
        assert len(found[:40]) == 40 and found.count() == 200
        times.append(time.perf_counter() - started)
    assert min(times) < 0.05
