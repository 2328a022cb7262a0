"""The session of a day: what is due and what is new, in which order, and how often it begins."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from learning import daily
from learning.models import Exercise, Item, Lesson, Sitting, Word
from tests import reviews
from tests.people import Person
from tests.reviews import DAY, NOON

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
CHOOSE, DICTATION = Exercise.Kind.CHOOSE, Exercise.Kind.DICTATION


def lesson(slug: str, size: int, order: int) -> list[Exercise]:
    """A lesson with a word an exercise."""
    where = reviews.lesson(slug, order=order)
    return [reviews.exercise(reviews.word(f"{slug}{n}", where), where=where) for n in range(size)]


def met(person: Person, done: list[Exercise], days_ago: int = 9) -> None:
    for minute, each in enumerate(done):
        at = NOON - days_ago * DAY + timedelta(minutes=minute)
        reviews.answer(person.profile, each, at=at)


def ids(*exercises: Exercise) -> list[int]:
    return [exercise.pk for exercise in exercises]


def test_old_and_new_are_spread_evenly_and_the_known_comes_first() -> None:
    assert daily.mixed([1, 2, 3, 4, 5, 6], [91, 92]) == [1, 2, 3, 91, 4, 5, 92, 6]
    assert daily.mixed([1], [91, 92]) == [1, 91, 92]
    assert daily.mixed([], [91, 92]) == [91, 92]
    assert daily.mixed([1, 2], []) == [1, 2]


def test_who_comes_for_the_first_time_gets_the_first_lesson(learner: Person) -> None:
    first, _ = lesson("uno", 14, 1), lesson("dos", 14, 2)
    for profile in (None, learner.profile):
        plan = daily.plan(profile, NOON)
        assert list(plan.exercises) == ids(*first[:12])
        assert (plan.due, plan.new, plan.minutes) == (0, 12, 7)
        assert plan.lesson == first[0].lesson
        assert [word.english for word in plan.words] == [f"uno{n}" for n in range(8)]


def test_what_is_due_leaves_room_for_the_next_lesson(learner: Person) -> None:
    first, second = lesson("uno", 14, 1), lesson("dos", 14, 2)
    met(learner, first)
    plan = daily.plan(learner.profile, NOON)
    assert [each for each in plan.exercises if each in ids(*first)] == ids(*first[:8])
    assert [each for each in plan.exercises if each in ids(*second)] == ids(*second[:4])
    assert plan.exercises[0] == first[0].pk
    assert 5 <= plan.minutes <= 8


def test_with_no_lesson_left_a_day_is_all_repeated(learner: Person) -> None:
    first = lesson("uno", 14, 1)
    met(learner, first)
    plan = daily.plan(learner.profile, NOON)
    assert (plan.due, plan.new, plan.lesson) == (12, 0, None)


def test_with_nothing_due_and_nothing_new_there_is_nothing_to_play(learner: Person) -> None:
    met(learner, lesson("uno", 3, 1), days_ago=0)
    assert daily.plan(learner.profile, NOON).exercises == ()
    assert daily.begin(learner.profile, NOON) is None


def test_one_exercise_does_for_all_that_it_practises(learner: Person) -> None:
    cat, dog = reviews.word("cat"), reviews.word("dog")
    both = reviews.exercise(cat, dog)
    met(learner, [both])
    assert daily.plan(learner.profile, NOON).exercises == (both.pk,)


def test_another_exercise_comes_than_the_last_time(learner: Person) -> None:
    cat = reviews.word("cat")
    first, second = reviews.exercise(cat), reviews.exercise(cat)
    met(learner, [first], days_ago=60)
    met(learner, [second], days_ago=58)
    assert daily.plan(learner.profile, NOON).exercises == (first.pk,)


def test_an_exercise_with_words_not_met_yet_waits(learner: Person) -> None:
    where = reviews.lesson()
    cat, dog = reviews.word("cat"), reviews.word("dog")
    known = reviews.exercise(cat)
    met(learner, [known])
    ahead = reviews.exercise(cat, dog)
    plan = daily.plan(learner.profile, NOON)
    assert plan.exercises == (known.pk, ahead.pk)
    assert (plan.due, plan.new, plan.lesson) == (1, 1, where)
    assert [word.english for word in plan.words] == ["dog"]


def test_quizzes_recorder_pages_and_what_is_hidden_stay_out(learner: Person) -> None:
    cat = reviews.word("cat")
    shown = reviews.exercise(cat)
    quiz = reviews.lesson("cuestionario", Lesson.Kind.QUIZ)
    reviews.exercise(cat, where=quiz)
    reviews.exercise(cat, kind=Exercise.Kind.SAY_WORD, text="cat")
    retired = reviews.exercise(cat)
    Exercise.objects.filter(pk=retired.pk).update(retired=True)
    draft = reviews.lesson("borrador")
    reviews.exercise(cat, where=draft)
    Lesson.objects.filter(pk=draft.pk).update(published=False)
    assert daily.plan(learner.profile, NOON).exercises == (shown.pk,)
    met(learner, [shown])
    assert daily.plan(learner.profile, NOON).exercises == (shown.pk,)


def test_unpublishing_a_lesson_or_retiring_a_word_takes_it_out_of_the_day(
    learner: Person,
) -> None:
    first, second = lesson("uno", 2, 1), lesson("dos", 2, 2)
    met(learner, first + second)
    Lesson.objects.filter(slug="uno").update(published=False)
    assert list(daily.plan(learner.profile, NOON).exercises) == ids(*second)
    Word.objects.filter(english="dos0").update(retired=True)
    assert list(daily.plan(learner.profile, NOON).exercises) == ids(second[1])


def test_new_things_come_from_where_somebody_is(learner: Person) -> None:
    first, second = lesson("uno", 3, 1), lesson("dos", 3, 2)
    Sitting.objects.create(profile=learner.profile, lesson=second[0].lesson, started=NOON)
    assert daily.plan(learner.profile, NOON).lesson == second[0].lesson
    met(learner, second, days_ago=0)
    assert daily.plan(learner.profile, NOON).lesson == first[0].lesson


def test_a_due_sound_brings_an_exercise_that_practises_it(learner: Person) -> None:
    phone = reviews.sound("IH")
    hears = reviews.exercise(phone, kind=Exercise.Kind.LISTEN_CHOOSE)
    met(learner, [hears])
    assert daily.plan(learner.profile, NOON).exercises == (hears.pk,)
    Item.objects.filter(pk=phone.pk).update(retired=True)
    assert daily.plan(learner.profile, NOON).exercises == ()


def test_a_plan_takes_as_many_queries_however_much_is_due(learner: Person) -> None:
    first = lesson("uno", 30, 1)
    lesson("dos", 30, 2)
    counts = []
    for done in (first[:1], first[1:]):
        met(learner, done)
        with CaptureQueriesContext(connection) as queries:
            daily.plan(learner.profile, NOON)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10


def test_the_same_answers_make_the_same_plan(learner: Person, stranger: Person) -> None:
    first = lesson("uno", 20, 1)
    lesson("dos", 20, 2)
    for person in (learner, stranger):
        met(person, first)
    assert daily.plan(learner.profile, NOON) == daily.plan(stranger.profile, NOON)


def test_a_day_is_begun_once_and_goes_on_until_it_has_ended(learner: Person) -> None:
    lesson("uno", 20, 1)
    first = daily.begin(learner.profile, NOON)
    assert first is not None and len(first.drawn) == 12
    assert daily.begin(learner.profile, NOON + timedelta(hours=2)) == first
    assert daily.begin(learner.profile, NOON + DAY) != first
    Sitting.objects.update(ended=NOON + DAY)
    more = daily.begin(learner.profile, NOON + DAY)
    assert more is not None and more.ended is None


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_begin_at_once_share_the_day(learner: Person) -> None:
    lesson("uno", 20, 1)
    start = threading.Barrier(4)

    def begin() -> None:
        start.wait()
        daily.begin(learner.profile, NOON)
        connection.close()

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Sitting.objects.count() == 1
