"""What is taught: accepted pronunciations and progress."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from learning import accepted, progress
from learning.models import Course, Lesson, Progress, Unit
from speech.errors import SpeechError
from tests import lessons
from tests.people import Person

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def unit(db: None) -> Unit:
    course = Course.objects.create(slug="curso", title="Curso")
    return Unit.objects.create(course=course, slug="unidad", title="Unidad")


def test_an_accepted_pronunciation_names_its_word() -> None:
    assert accepted.parse("rabbit: R AE B IH T\n\nA: EY1", "a rabbit") == {
        "rabbit": ["R AE B IH T"],
        "a": ["EY1"],
    }


def test_where_there_is_one_word_it_need_not_be_named() -> None:
    assert accepted.parse("R AE B EH T", "Rabbit!") == {"rabbit": ["R AE B EH T"]}


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ("R AE B IH T", "escribe la palabra delante"),
        ("hare: HH EH R", "«hare» no está en el texto"),
        ("rabbit: R AE QQ", "«QQ» no es un sonido"),
        ("rabbit: es_rr AE B IH T", "«es_rr» no es un sonido del inglés"),
        ("rabbit:", "faltan los sonidos"),
    ],
)
def test_a_line_that_is_no_pronunciation_is_refused(lines: str, why: str) -> None:
    with pytest.raises(accepted.NotAccepted, match=why):
        accepted.parse(lines, "a rabbit")


def test_the_criterion_holds_the_author_s_pronunciation_first(db: None) -> None:
    exercise = lessons.exercise("rabbit")
    exercise.accepted = "R AE B EH T"
    (word,) = exercise.criterion(model="1").words
    assert word.pronunciations[0] == ("R", "AE", "B", "EH", "T")
    assert ("R", "AE", "B", "IH", "T") in word.pronunciations


def test_a_word_that_nobody_can_pronounce_is_named(db: None) -> None:
    exercise = lessons.exercise("a 兎")
    with pytest.raises(ValidationError, match="兎"):
        exercise.clean()
    with pytest.raises(SpeechError):
        exercise.criterion()


def test_progress_keeps_the_best_and_the_last(learner: Person) -> None:
    exercise = lessons.exercise()
    for minute, score in enumerate([0.4, 0.9, 0.6]):
        progress.record(learner.profile, exercise, score, NOON + timedelta(minutes=minute))
    found = Progress.objects.get()
    assert (found.attempts, found.best, found.last) == (3, 0.9, 0.6)
    assert found.last_at == NOON + timedelta(minutes=2)


def test_a_late_answer_does_not_become_the_last(learner: Person) -> None:
    exercise = lessons.exercise()
    progress.record(learner.profile, exercise, 0.5, NOON)
    progress.record(learner.profile, exercise, 0.8, NOON - timedelta(hours=1))
    found = Progress.objects.get()
    assert (found.attempts, found.best, found.last, found.last_at) == (2, 0.8, 0.5, NOON)


def test_progress_is_each_learner_s_own(learner: Person, stranger: Person) -> None:
    exercise = lessons.exercise()
    progress.record(learner.profile, exercise, 0.5, NOON)
    progress.record(stranger.profile, exercise, 0.7, NOON)
    assert Progress.objects.get(profile=learner.profile).best == 0.5


def test_an_explanation_is_read_in_paragraphs(unit: Unit) -> None:
    lesson = Lesson(unit=unit, intro="Uno\r\ndos.\r\n\r\n  Tres. \n\n\n")
    assert lesson.paragraphs == ["Uno dos.", "Tres."]
