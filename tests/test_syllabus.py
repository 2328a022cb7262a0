"""A course folder is read whole, or refused with the file and line of what is amiss."""

import re
from pathlib import Path

import pytest
import yaml

from learning import yamlfile
from learning.course_part import FOLDER
from learning.syllabus.content import Spanish
from learning.syllabus.exercises import TYPES
from learning.syllabus.mexican import only_of_spain
from learning.syllabus.reading import read_course
from learning.syllabus.teaching import differ
from learning.yamlfile import Refused
from tests.syllabus import add_unit, change, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path)


def test_a_folder_becomes_a_course(folder: Path) -> None:
    course = read_course(folder)
    (unit,) = course.units
    (lesson,) = unit.lessons
    assert (course.slug, unit.slug, unit.unwritten) == ("curso", "uno", ())
    assert [word.id for word in lesson.words] == ["cat", "dog", "sun"]
    assert lesson.words[0].translation == Spanish("el gato", "el gatito")
    assert lesson.intro.es == "Hola,\n\ncorto."
    assert lesson.pairs[0].sounds == (("IH",), ("IY",))
    assert {exercise.type for exercise in lesson.exercises} == set(TYPES)
    assert unit.quiz and unit.quiz.pools[0].take == 1
    assert [exercise.id for exercise in unit.exercises()][-1] == "uno-q-01"


def test_a_picture_match_practises_its_words(folder: Path) -> None:
    match = next(e for e in read_course(folder).units[0].exercises() if e.type == "picture_match")
    assert match.practises == match.words == ("cat", "dog", "sun")


def test_options_to_listen_to_get_the_translation_they_have_elsewhere(folder: Path) -> None:
    exercise = next(
        e for e in read_course(folder).units[0].exercises() if e.type == "listen_choose"
    )
    assert [(o.translation.es, o.emoji) for o in exercise.options] == [
        ("barco", "🚢"),
        ("oveja", ""),
    ]


def test_the_correct_english_of_an_exercise(folder: Path) -> None:
    correct = {e.type: e.correct() for e in read_course(folder).units[0].lessons[0].exercises}
    assert correct["gap"] == ("The cat is here.", "The dog is here.")
    assert correct["choose"] == ("I see a dog.",)
    assert correct["true_false"] == ("The cat is happy.",)
    assert correct["order"] == ("I see a cat.", "A cat I see.")
    assert correct["dialogue"] == ("Yes, a cat.", "Is it a cat?")


def test_a_statement_may_have_a_form_of_mexico(folder: Path) -> None:
    change(folder / LESSON, "statement: El gato está triste.", "statement: Va en coche.")
    (missing,) = only_of_spain(read_course(folder).units[0])
    assert missing.endswith("'coche' has no es-mx")
    both = "{es: Va en coche., es-mx: Va en carro.}"
    change(folder / LESSON, "statement: Va en coche.", f"statement: {both}")
    unit = read_course(folder).units[0]
    (found,) = (each for each in unit.exercises() if each.type == "true_false")
    assert found.statement == Spanish("Va en coche.", "Va en carro.")
    assert found.correct() == ("The cat is happy.",)
    assert not list(only_of_spain(unit))


LESSON, QUIZ, COURSE = "uno/leccion.yaml", "uno/quiz.yaml", "course.yaml"
AMISS = [  # file, what stands there, what is put there, why it is refused
    (LESSON, "english: dog", "ingles: dog", "unknown key 'ingles'"),
    (LESSON, "syllables: [hap, py]", "options: [hap, py]", "unknown key 'options'"),
    (LESSON, "type: see_say", "type: sing", "'sing' is none of"),
    (LESSON, "- id: dog\n", "- id: cat\n", "'cat' comes twice"),
    (LESSON, "- id: dog\n    english: dog", "- id: dog\n    english: Cat", "comes twice"),
    (LESSON, "- id: uno-02\n", "- id: uno-01\n", "'uno-01' comes twice"),
    (QUIZ, "slug: uno-quiz", "slug: leccion", "'leccion' comes twice"),
    (LESSON, "answer: sheep", "answer: goat", "'goat' is not among the options"),
    (LESSON, "answer: I see a dog.", "answer: I see a cow.", "not among the options"),
    (LESSON, "answer: Yes, a cat.", "answer: Yes, a cow.", "not among the options"),
    (LESSON, "options: [ship, sheep]", "options: [ship, ship]", "'ship' comes twice"),
    (LESSON, "text: The ___ is here.", "text: The cat is here.", "expected one ___"),
    (LESSON, "text: The ___ is here.", "text: The ___ is ___.", "expected one ___"),
    (LESSON, "answers: [cat, dog]", "answers: [cat, dog]\n    options: [a, b]", "one answer"),
    (LESSON, "answers: [cat, dog]", "answers: [cat]\n    options: [a, b]", "not among"),
    (LESSON, "answer: I see a cat.", "answer: I see the cat.", "not made of the words"),
    (LESSON, "also: [A cat I see.]", "also: [A cat I.]", "not made of the words"),
    (LESSON, "distractors: [dog]", "distractors: [See]", "'See' is one of the words"),
    (LESSON, "syllables: [hap, py]", "syllables: [ha, py]", "do not give 'happy'"),
    (LESSON, "practises: [dog]  # say", "practises: [hen]", "called 'hen'"),
    (LESSON, "practises: [IH]", "practises: [QQ]", "called 'QQ'"),
    (LESSON, "words: [cat, dog, sun]", "words: [cat, dog, hen]", "called 'hen'"),
    (LESSON, "emoji: 🐶", "emoji: dog", "'dog' is no emoji"),
    (LESSON, "example: The dog is here.", "example: 兎", "cannot be pronounced"),
    (LESSON, "text: I see a sun.", "text: 兎", "cannot be pronounced"),
    (LESSON, "answers: [Is it a cat?]", "answers: [兎]", "cannot be pronounced"),
    (LESSON, "text: I see a sun.", f"text: {'sun ' * 39}", "155 characters, at most 120"),
    (LESSON, "title: Lección", f"title: {'x' * 61}", "61 characters, at most 60"),
    (LESSON, "minutes: 6", "minutes: 9", "9 is not from 5 to 8"),
    (LESSON, "minutes: 6", "minutes: seis", "'seis' is not a number"),
    (LESSON, "minutes: 6", "minutes: [6]", "expected some text"),
    (LESSON, "syllables: [hap, py]", "syllables: happy", "expected a list"),
    (LESSON, "answer: false", "answer: quizá", "'quizá' is none of false, true"),
    (
        LESSON,
        "statement: El gato está triste.",
        "statement_in: en\n    statement: {es: The cat is sad., es-mx: A cat is sad.}",
        "English has no 'es-mx' form",
    ),
    (
        LESSON,
        "statement: El gato está triste.",
        "statement_in: en\n    statement: 兎",
        "pronounced",
    ),
    (LESSON, "id: g-uno", "id: uno-g", "starts with 'g-'"),
    (LESSON, "id: sun\n", "id: g-sun\n", "'g-' is for grammar"),
    (LESSON, "id: sun\n", "id: The sun\n", "is no id"),
    (LESSON, "sounds: [IH, IY]", "sounds: [IH, es_r]", "no sound of English"),
    (LESSON, "sounds: [IH, IY]", "sounds: [IH, IY, S]", "3 of them"),
    (LESSON, "accepted: [K AE T]", "accepted: [QQ]", "«QQ» no es un sonido"),
    (LESSON, "pos: noun  # cat", "pos: nombre", "'nombre' is none of"),
    (LESSON, "{a: {text: sit,", "{a: {text: set,", "'set' and 'seat' do not differ in IH"),
    (QUIZ, "exercises: [uno-07, uno-q-01]", "exercises: [uno-q-01]", "expected 2"),
    (COURSE, "folder: uno", "carpeta: uno", "unknown key 'carpeta'"),
    (COURSE, "quiz: quiz.yaml", "quiz: quiz.yaml\n    quiz: otro.yaml", "'quiz' comes twice"),
]
# Here the refusal stands where something begins: file, line, change, why.
AMISS_IN_WHOLE = [
    (LESSON, "- id: uno-04", "    answer: sheep\n", "", "'answer' is missing"),
    (LESSON, "- id: uno-06", "    prompt: ¿Ves un perro?\n", "", "neither 'prompt' nor 'text'"),
    (LESSON, "words: [cat, dog", "emoji: 🐶", "emoji: 🐱", "have one picture"),
    (LESSON, "- {text: I see a cat.,", '      - {text: "Is it', "# ", "2 of them, expected 3"),
    (QUIZ, "- id: uno-01", "id: uno-q-01", "id: uno-01", "'uno-01' comes twice"),
    (QUIZ, "- title: Todo", "[uno-07, uno-q-01]", "[uno-q-01, uno-99]", "no exercise 'uno-99'"),
    (QUIZ, "- id: uno-q-01", "[uno-07, uno-q-01]", "[uno-07, uno-08]", "is in no pool"),
    (COURSE, "- slug: uno", "slug: uno\n", "slug: uno\n    after: [tres]\n", "no unit 'tres'"),
]


@pytest.mark.parametrize(("file", "before", "after", "why"), AMISS)
def test_what_is_amiss_is_refused_with_file_and_line(
    folder: Path, file: str, before: str, after: str, why: str
) -> None:
    start = change(folder / file, before, after)
    with pytest.raises(Refused, match=re.escape(why)) as refused:
        read_course(folder)
    assert refused.value.place.file == file
    assert start <= refused.value.place.line <= start + after.count("\n")


@pytest.mark.parametrize(("file", "line", "before", "after", "why"), AMISS_IN_WHOLE)
def test_what_lacks_something_is_refused_where_it_begins(
    folder: Path, file: str, line: str, before: str, after: str, why: str
) -> None:
    change(folder / file, before, after)
    lines = (folder / file).read_text("utf-8").splitlines()
    number = next(at for at, each in enumerate(lines, 1) if line in each)
    with pytest.raises(Refused, match=rf"^{file}:{number}: .*{why}"):
        read_course(folder)


def test_units_that_wait_for_one_another_are_refused(folder: Path) -> None:
    change(folder / COURSE, "slug: uno\n", "slug: uno\n    after: [tres]\n")
    add_unit(folder, "dos", "after: [uno]")
    add_unit(folder, "tres", "after: [dos]")
    with pytest.raises(Refused, match=r"^course\.yaml:\d+: a circle of units: .* > .* > "):
        read_course(folder)


def test_a_file_that_is_not_there_yet_is_no_reason_to_refuse(folder: Path) -> None:
    add_unit(folder, "dos", "after: [uno]")
    assert read_course(folder).units[1].unwritten == ("dos/leccion.yaml", "dos/quiz.yaml")


def test_one_unit_can_be_read_while_another_is_broken(folder: Path) -> None:
    add_unit(folder, "dos")
    (folder / "dos").mkdir()
    (folder / "dos/leccion.yaml").write_text("slug: [", "utf-8")
    with pytest.raises(Refused, match=r"^dos/leccion\.yaml:\d"):
        read_course(folder)
    course = read_course(folder, only="uno")
    assert [len(unit.lessons) for unit in course.units] == [1, 0]
    with pytest.raises(Refused, match="no unit 'tres'"):
        read_course(folder, only="tres")


@pytest.mark.parametrize(
    ("a", "b", "sounds", "whether"),
    [
        ("car", "card", ((), ("D",)), True),
        ("shirt", "short", (("ER",), ("AO", "R")), True),
        ("sheep", "ship", (("IH",), ("IY",)), False),
        ("cat", "cut", (("AE",), ("AH",)), True),
    ],
)
def test_whether_two_words_differ_in_given_sounds(
    a: str, b: str, sounds: tuple[tuple[str, ...], tuple[str, ...]], whether: bool
) -> None:
    assert differ(a, b, *sounds) is whether


def test_the_a1_course_is_read() -> None:
    course = read_course(FOLDER / "a1")
    assert course.units[0].slug == "hola" and not course.units[0].unwritten
    assert {e.type for e in course.units[0].exercises()} == set(TYPES)


def test_with_and_without_libyaml_the_shipped_files_say_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """PyYAML's own loader takes a '?' between brackets for a sign: such texts are in quotes."""
    paths = sorted(FOLDER.rglob("*.yaml"))
    monkeypatch.setattr(yamlfile, "_LOADER", yaml.CSafeLoader)
    fast = [yamlfile.read(path) for path in paths]
    monkeypatch.setattr(yamlfile, "_LOADER", yaml.SafeLoader)
    assert [yamlfile.read(path) for path in paths] == fast
