"""What counts as right, for every type of exercise that is chosen or written."""

import pytest

from learning.exercises.checking import CHECKED, NotAnAnswer, check
from learning.syllabus.content import Exercise
from learning.syllabus.exercises import TYPES
from learning.syllabus.reading import read_course
from tests.syllabus import write

SPOKEN = {"listen_say", "see_say", "say_slowly"}


@pytest.fixture(scope="module")
def exercises(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Exercise]:
    """One of every type, as an author writes it."""
    course = read_course(write(tmp_path_factory.mktemp("curso")))
    return {exercise.type: exercise for exercise in course.units[0].lessons[0].exercises}


RIGHT: list[tuple[str, object]] = [
    ("listen_choose", "sheep"),
    ("picture_match", {"cat": "cat", "dog": "dog", "sun": "sun"}),
    ("choose", "I see a dog."),
    ("order", ["I", "see", "a cat"]),
    ("order", ["a cat", "I", "see"]),
    ("gap", "cat"),
    ("gap", " DOG "),
    ("gap", "The dog is here"),
    ("transform", "is it a cat"),
    ("dictation", "The sun and a dog."),
    ("dictation", "the sun adn a dog"),
    ("true_false", "false"),
    ("dialogue", "Yes, a cat."),
]
WRONG: list[tuple[str, object]] = [
    ("listen_choose", "ship"),
    ("picture_match", {"cat": "dog", "dog": "cat", "sun": "sun"}),
    ("choose", "See a dog."),
    ("order", ["see", "a cat", "I"]),
    ("order", ["I", "see", "a cat", "dog"]),
    ("gap", "sun"),
    ("gap", "cats"),
    ("transform", "It is a cat?"),
    ("dictation", "the son and a dog"),
    ("true_false", "true"),
    ("dialogue", "Yes, cat."),
]


def test_every_type_is_either_checked_or_said() -> None:
    assert set(TYPES) == CHECKED | SPOKEN
    assert {kind for kind, _ in RIGHT} == {kind for kind, _ in WRONG} == CHECKED


@pytest.mark.parametrize(("kind", "given"), RIGHT)
def test_right(exercises: dict[str, Exercise], kind: str, given: object) -> None:
    assert check(exercises[kind], given).right


@pytest.mark.parametrize(("kind", "given"), WRONG)
def test_wrong_and_what_would_be_right(
    exercises: dict[str, Exercise], kind: str, given: object
) -> None:
    checked = check(exercises[kind], given)
    assert not checked.right
    assert checked.answer or checked.missed == ("cat", "dog")


def test_a_choice_is_never_forgiven_what_a_keyboard_is(exercises: dict[str, Exercise]) -> None:
    with pytest.raises(NotAnAnswer, match="bad_answer"):
        check(exercises["choose"], "i see a dog")


@pytest.mark.parametrize(
    ("kind", "given", "code"),
    [
        ("gap", "", "empty"),
        ("gap", " \n ", "empty"),
        ("order", [], "empty"),
        ("picture_match", {"cat": "cat"}, "empty"),
        ("gap", "cat " * 250_000, "too_long"),
        ("order", ["a"] * 100_000, "too_long"),
        ("gap", None, "bad_answer"),
        ("gap", ["cat"], "bad_answer"),
        ("order", "I see a cat", "bad_answer"),
        ("order", ["I", 5], "bad_answer"),
        ("picture_match", {"cat": "wolf", "dog": "dog", "sun": "sun"}, "bad_answer"),
        ("true_false", "perhaps", "bad_answer"),
        ("dialogue", "No.", "bad_answer"),
    ],
)
def test_what_is_no_answer_is_refused_in_plain_words(
    exercises: dict[str, Exercise], kind: str, given: object, code: str
) -> None:
    with pytest.raises(NotAnAnswer) as refused:
        check(exercises[kind], given)
    assert refused.value.code == code
    assert str(refused.value.plain).endswith(".")
