"""Days in a row that forgive a missed one, and minutes."""

from datetime import date, timedelta

import pytest

from learning import known, streaks
from learning.models import Day, Sitting
from learning.signals import count_lesson
from learning.streaks import Streak, streak
from tests import reviews
from tests.people import Person
from tests.reviews import DAY, NOON

TODAY = date(2030, 1, 10)


def ago(*days: int) -> Streak:
    """The streak of somebody who learnt that many days ago."""
    return streak([TODAY - timedelta(days=each) for each in days], TODAY)


@pytest.mark.parametrize(
    ("days", "found"),
    [
        ((), Streak(0, 0, False)),
        ((0,), Streak(1, 1, True)),
        ((2, 1, 0), Streak(3, 3, True)),
        ((2, 1), Streak(2, 2, False)),  # today is not over
        ((3, 2), Streak(2, 2, False)),  # yesterday is forgiven, and today is not over
        ((4, 3), Streak(0, 2, False)),  # two days missed
        ((3, 2, 0), Streak(3, 3, True)),
        ((4, 2, 0), Streak(3, 3, True)),
        ((9, 8, 7, 6, 3, 2, 1), Streak(3, 4, False)),
    ],
)
def test_one_missed_day_is_forgiven_and_two_begin_anew(
    days: tuple[int, ...], found: Streak
) -> None:
    assert ago(*days) == found


def test_days_after_today_are_a_clock_s_mistake() -> None:
    assert ago(-400, -2, 1, 0) == Streak(2, 2, True)


@pytest.mark.django_db
def test_seconds_are_those_between_answers_and_pauses_do_not_count(learner: Person) -> None:
    for seconds in (0, 20, 50, 50 + 3600, 60 + 3600):
        streaks.count(learner.profile, NOON + timedelta(seconds=seconds), answers=1)
    day = Day.objects.get()
    assert day.seconds == 15 + 20 + 30 + 15 + 10
    assert (day.answers, day.day) == (5, TODAY)


@pytest.mark.django_db
def test_a_clock_that_goes_backwards_adds_nothing_and_goes_on(learner: Person) -> None:
    for minutes in (180, 0, 1):
        streaks.count(learner.profile, NOON + timedelta(minutes=minutes), answers=1)
    assert Day.objects.get().seconds == 15 + 0 + 60


@pytest.mark.django_db
def test_days_are_those_of_the_clock_here(learner: Person) -> None:
    streaks.count(learner.profile, NOON.replace(hour=23, minute=30), answers=1)  # in Madrid, 0:30
    assert Day.objects.get().day == TODAY + DAY


@pytest.mark.django_db
def test_the_end_of_a_lesson_counts_and_that_of_a_day_does_not(learner: Person) -> None:
    lesson = reviews.lesson()
    for which in (lesson, None):
        count_lesson(Sitting(profile=learner.profile, lesson=which, ended=NOON))
    assert Day.objects.get().lessons == 1


@pytest.mark.django_db
def test_the_last_week_ends_today(learner: Person) -> None:
    for days, minutes in ((0, 2), (1, 1), (6, 3), (7, 9)):
        for minute in range(minutes + 1):
            at = NOON - days * DAY + timedelta(minutes=minute)
            streaks.count(learner.profile, at, answers=1)
    found = known.days(learner.profile, NOON)
    assert [day.minutes for day in found.week] == [3, 0, 0, 0, 0, 1, 2]
    assert [day.today for day in found.week] == [False] * 6 + [True]
    assert found.minutes_of_week == 7 and found.minutes == 16
    assert found.answers_of_week == 9
    assert found.streak == Streak(2, 2, True)
    heights = [day.picture and day.picture.feathers[0].height for day in found.week]
    assert heights[1:5] == [None] * 4
    assert heights[0] > heights[6] > heights[5]  # type: ignore[operator]
