"""`check_course`: what a course has and lacks, from its files alone: no test has a database."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from learning.syllabus.checking import early, near_duplicates
from learning.syllabus.mexican import only_of_spain
from learning.syllabus.reading import read_course
from tests.syllabus import LESSON as LESSON_TEXT
from tests.syllabus import add_unit, change, write

LESSON, QUIZ = "uno/leccion.yaml", "uno/quiz.yaml"
OF = """  - id: of
    english: of
    pos: preposition
    translation: de
    example: a picture of a cat
    example_translation: un dibujo de un gato
"""
FIGURES = {
    "units": 1, "lessons": 1, "exercises": 12, "words": 3, "grammar_points": 1, "quizzes": 1,
    "minimal_pair_sets": 1, "near_duplicates": 0,
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path)


def checked(folder: Path, *options: str) -> tuple[dict[str, Any], int]:
    """What the command prints as JSON, and what it ends with."""
    out, status = io.StringIO(), 0
    try:
        call_command("check_course", folder, "--json", *options, stdout=out)
    except SystemExit as end:
        status = int(end.code or 0)
    return json.loads(out.getvalue()), status


def test_a_complete_course(folder: Path) -> None:
    assert checked(folder) == ({**FIGURES, "problems": []}, 0)


@pytest.mark.parametrize(
    ("file", "before", "after", "problem"),
    [
        (LESSON, "grammar:\n", f"{OF}grammar:\n", "leccion.yaml:33: of: no picture"),
        (LESSON, "    translation: Veo un sol.\n", "", "uno-01: no translation"),
        (LESSON, "    translation: ¿Es un gato?\n", "", "uno-09: no translation"),
        (LESSON, "    answer_translation: Sí, un gato.\n", "", "uno-12: no answer_translation"),
        (LESSON, "options: [ship, sheep]", "options: [hat, sheep]", "no translation of 'hat'"),
        (LESSON, "    explanation: Dura más.\n", "", "uno-04: no explanation"),
        (QUIZ, "    explanation: «See» es ver.\n", "", "quiz.yaml:11: uno-q-01: no explanation"),
        (LESSON, "text: a happy dog", "text: a blorfing dog", "unknown word 'blorfing'"),
        (LESSON, "example: The dog is here.", "example: A zwib.", "dog: unknown word 'zwib'"),
        (LESSON, "right: I see a cat.", "right: I see a zwib.", "unknown word 'zwib'"),
    ],
)
def test_what_is_incomplete_is_a_problem_with_file_and_line(
    folder: Path, file: str, before: str, after: str, problem: str
) -> None:
    change(folder / file, before, after)
    found, status = checked(folder)
    assert status == 1
    (only,) = found["problems"]
    assert only.startswith("uno/") and problem in only


def test_a_refused_course_is_one_problem_and_no_figures(folder: Path) -> None:
    change(folder / LESSON, "    answer: sheep\n", "")
    found, status = checked(folder)
    assert status == 1 and found.keys() == {*FIGURES, "problems"} and not found["words"]
    (problem,) = found["problems"]
    assert problem.endswith("'answer' is missing") and problem.startswith("uno/leccion.yaml:")


def test_a_wrong_answer_may_be_no_english_at_all(folder: Path) -> None:
    change(folder / LESSON, "See a dog.]", "I blorf a dog.]")
    assert checked(folder)[1] == 0


def test_files_not_written_are_problems_of_their_unit_alone(folder: Path) -> None:
    add_unit(folder, "dos", "after: [uno]")
    found, status = checked(folder)
    assert status == 1 and found["units"] == 1
    assert found["problems"] == [
        f"dos/{name}.yaml: not written yet" for name in ("leccion", "quiz")
    ]
    assert checked(folder, "--unit", "uno") == ({**FIGURES, "problems": []}, 0)


def test_exercises_of_one_type_with_over_four_fifths_of_their_words_in_common(
    folder: Path,
) -> None:
    change(folder / QUIZ, "text: I ___ the sun.", "text: The cat ___ here.")
    change(folder / QUIZ, "answers: [see]", "answers: [is]")
    assert near_duplicates(read_course(folder).exercises()) == {
        "uno-08": "uno-q-01",
        "uno-q-01": "uno-08",
    }
    assert checked(folder)[0]["near_duplicates"] == 2
    change(folder / QUIZ, "text: The cat ___ here.", "text: The sun ___ here.")
    assert not near_duplicates(read_course(folder).exercises())


ALLOWED = "the here a is and happy it".split()


def test_words_used_before_they_are_taught(folder: Path) -> None:
    assert not early(read_course(folder), ALLOWED)
    line = change(folder / LESSON, "text: a happy dog", "text: two dogs, Ana's carrots")
    course = read_course(folder)
    warning = f"uno/leccion.yaml:{line - 3}: not taught yet: two, ana's, carrots"
    assert early(course, ALLOWED) == [warning]
    assert not early(course, [*ALLOWED, "two", "ana", "carrot"])
    assert not early(course, ALLOWED, only="dos")


def test_practising_what_a_later_lesson_teaches(folder: Path) -> None:
    change(folder / LESSON, "practises: [IH]", "practises: [hen]")
    change(folder / "course.yaml", "[leccion.yaml]", "[leccion.yaml, otra.yaml]")
    taught = LESSON_TEXT.partition("words:\n")[2].partition("grammar:\n")[0]
    hen = taught.partition("  - id: dog\n")[0].replace("cat", "hen")
    exercises = LESSON_TEXT.partition("exercises:\n")[2].replace("uno-", "dos-")
    head = LESSON_TEXT.partition("words:\n")[0].replace("slug: leccion", "slug: otra")
    head += f"words:\n{hen}exercises:\n{exercises}"
    (folder / "uno/otra.yaml").write_text(head.replace("K AE T", "HH EH N"), "utf-8")
    (warning,) = early(read_course(folder), ALLOWED)
    assert warning.endswith("'hen' is taught later")


def test_spanish_of_spain_without_the_mexican(folder: Path) -> None:
    unit = read_course(folder).units[0]
    assert not list(only_of_spain(unit))
    change(folder / LESSON, "Veo un sol.", "¿Veis el ordenador?")
    found = list(only_of_spain(read_course(folder).units[0]))
    assert [each.partition(": ")[2] for each in found] == [
        "'Veis' has no es-mx",
        "'ordenador' has no es-mx",
    ]
    change(folder / LESSON, "¿Veis el ordenador?", "{es: ¿Veis el sol?, es-mx: ¿Ven el sol?}")
    assert not list(only_of_spain(read_course(folder).units[0]))


def test_the_report_for_people_says_where_to_look(folder: Path) -> None:
    change(folder / LESSON, "text: a happy dog", "text: a happy carrot")
    out = io.StringIO()
    call_command("check_course", folder, stdout=out)
    assert "0 problems" in out.getvalue() and "12 exercises" in out.getvalue()
    assert "carrot" in out.getvalue()


def test_the_first_unit_of_the_a1_course_is_complete() -> None:
    out = io.StringIO()
    call_command("check_course", "--unit", "hola", "--json", stdout=out)
    found = json.loads(out.getvalue())
    assert found["problems"] == [] and found["near_duplicates"] == 0
    assert found["lessons"] == 5 and found["exercises"] >= 52 and found["words"] >= 58
    assert found["grammar_points"] >= 3 and found["minimal_pair_sets"] >= 3
