"""The forms in which authors write words, rules and exercises of every kind."""

from pathlib import Path

import pytest
from django.db.models import Model
from django.test import Client

from learning.admin.fields import MARK
from learning.models import (
    Course,
    Exercise,
    GrammarPoint,
    Item,
    Lesson,
    PairSet,
    Word,
)
from learning.voice import KINDS
from tests import authors, lessons
from tests.authors import ADMIN, errors, form_of, rows, text_of


@pytest.fixture
def course(db: None, tmp_path: Path) -> Course:
    return authors.course(tmp_path)


@pytest.fixture
def lesson(course: Course) -> Lesson:
    return Lesson.objects.get(slug="leccion")


def change(row: Model) -> str:
    return f"{ADMIN}/{row._meta.model_name}/{row.pk}/change/"


@pytest.mark.parametrize("kind", [kind for kind in Exercise.Kind.values if "say_" not in kind])
def test_an_exercise_that_is_saved_unchanged_stays_as_it_was(
    author: Client, lesson: Lesson, kind: str
) -> None:
    exercise = Exercise.objects.filter(kind=kind, lesson__unit=lesson.unit).first()
    assert exercise is not None
    before = (exercise.content, exercise.mexican, [p.item.key for p in exercise.practices.all()])
    response = author.post(change(exercise), form_of(author, change(exercise)))
    assert errors(response) == {}
    exercise = Exercise.objects.get(pk=exercise.pk)
    after = (exercise.content, exercise.mexican, [p.item.key for p in exercise.practices.all()])
    assert after == before


def test_rules_and_pairs_that_are_saved_unchanged_stay_as_they_were(
    author: Client, lesson: Lesson
) -> None:
    point, pairs = GrammarPoint.objects.get(), PairSet.objects.get()
    for row in (point, pairs, *Word.objects.all(), lesson, lesson.unit, lesson.unit.course):
        assert errors(author.post(change(row), form_of(author, change(row)))) == {}
    assert GrammarPoint.objects.get().examples == point.examples
    assert GrammarPoint.objects.get().mistakes == point.mistakes
    assert PairSet.objects.get().pairs == pairs.pairs
    assert Word.objects.get(key="cat").mexican == {"translation": "el gatito"}


def add(author: Client, lesson: Lesson, kind: str, **values: str) -> dict[str, list[str]]:
    """Send the form of a new exercise that practises `dog`; what it complains about."""
    address = f"{ADMIN}/exercise/add/?lesson={lesson.pk}&kind={kind}"
    dog = str(Item.objects.get(key="dog").pk)
    form = form_of(author, address) | {"key": "nuevo", "practices-TOTAL_FORMS": "1"}
    form |= {"practices-0-item": dog, "practices-0-order": "0"} | values
    return errors(author.post(address, form))


def test_an_author_chooses_a_kind_and_fills_its_form(author: Client, lesson: Lesson) -> None:
    page = text_of(author.get(f"{ADMIN}/exercise/add/?lesson={lesson.pk}"))
    assert "Oír y elegir" in page and "Rellenar el hueco" in page
    options = [{"text": "A dog.", MARK: "1"}, {"text": "Dog."}]
    wrong = add(author, lesson, "choose", prompt="¿Qué ves?", **rows("options", options))
    assert wrong == {}
    made = Exercise.objects.get(key="nuevo")
    assert made.content == {"options": ["A dog.", "Dog."], "answer": "A dog."}
    assert [practice.item.key for practice in made.practices.all()] == ["dog"]


def test_a_match_practises_its_words(author: Client, lesson: Lesson) -> None:
    words = [str(Word.objects.get(key=key).pk) for key in ("sun", "cat", "dog")]
    address = f"{ADMIN}/exercise/add/?lesson={lesson.pk}&kind=picture_match"
    form = form_of(author, address) | {"key": "nuevo", "words": words}
    assert errors(author.post(address, form)) == {}
    made = Exercise.objects.get(key="nuevo")
    assert sorted(made.content["words"]) == ["cat", "dog", "sun"]
    assert sorted(p.item.key for p in made.practices.all()) == ["cat", "dog", "sun"]


@pytest.mark.parametrize(
    ("kind", "values", "field", "said"),
    [
        ("listen_say", {"text": "a 兎"}, "text", "«a 兎»: No sabemos cómo se pronuncia"),
        ("listen_say", {"text": ""}, "text", "obligatorio"),
        ("say_slowly", {"text": "happy", "syllables": "ha\nppi"}, "syllables", "no dan «happy»"),
        ("gap", {"text": "The dog.", "answers": "is"}, "text", "un hueco, escrito ___"),
        ("gap", {"text": "I ___.", "answers": "a", "options": "b\nc"}, "answers", "no está entre"),
        ("order", {"words": "a\ndog", "answer": "a cat"}, "answer", "no se forma con los trozos"),
        ("order", {"words": "a\nb", "answer": "a b", "distractors": "a"}, "distractors", "sobra"),
        ("transform", {"text": "A dog.", "answers": "Dog."}, "prompt", "obligatorio"),
        ("true_false", {"statement": "Ladra."}, "answer", "obligatorio"),
        ("dictation", {"text": "a dog", "emoji": "perro"}, "emoji", "no es un emoji"),
        ("see_say", {"text": "a dog", "accepted": "dog: D QQ"}, "accepted", "no es un sonido"),
        ("choose", {"prompt": "¿?"} | rows("options", [{"text": "A dog."}]), "options", "Marca"),
        ("dialogue", rows("options", [{"text": "A dog.", MARK: "1"}, {"text": "b"}]), "lines", "o"),
        ("listen_say", {"text": "a dog", "practices-0-item": ""}, "practices", "Falta decir qué"),
    ],
)  # fmt: skip
def test_what_is_amiss_is_said_beside_its_field(
    author: Client, lesson: Lesson, kind: str, values: dict[str, str], field: str, said: str
) -> None:
    found = add(author, lesson, kind, **values)
    assert said in " ".join(found.get(field, [])), found
    assert not Exercise.objects.filter(key="nuevo").exists()


def test_a_statement_takes_mexico_s_form_behind_a_bar(author: Client, lesson: Lesson) -> None:
    said = "El perro va en coche. | El perro va en carro."
    assert add(author, lesson, "true_false", statement=said, answer="false") == {}
    made = Exercise.objects.get(key="nuevo")
    both = {"es": "El perro va en coche.", "es-mx": "El perro va en carro."}
    assert made.content == {"statement": both, "answer": "false"}
    assert form_of(author, f"{ADMIN}/exercise/{made.pk}/change/")["statement"] == said
    english = {"statement": "A dog. | The dog.", "statement_in": "en", "answer": "false"}
    made.delete()
    found = add(author, lesson, "true_false", **english)
    assert "no tiene otra forma para México" in " ".join(found["statement"])


def test_a_megabyte_in_a_field_is_refused(author: Client, lesson: Lesson) -> None:
    long = "a dog " * 170_000
    assert "300 caracteres" in " ".join(add(author, lesson, "listen_say", text=long)["text"])
    for field in ("answers", "options"):
        found = add(author, lesson, "gap", text="I ___.", **{"answers": "a", field: long})
        assert "1500 caracteres" in " ".join(found[field])
    options = rows("options", [{"text": long, MARK: "1"}, {"text": "b"}])
    assert "caben 80" in " ".join(add(author, lesson, "choose", prompt="¿?", **options)["options"])
    form = form_of(author, change(lesson)) | {"intro": long}
    assert "900 caracteres" in " ".join(errors(author.post(change(lesson), form))["intro"])
    asked = author.post(f"{ADMIN}/exercise/hispanohablante/", {"text": long})
    assert "demasiado largo" in text_of(asked)
    asked = author.post(f"{ADMIN}/word/como-se-dice/", {"english": long})
    assert "demasiado largo" in text_of(asked)
    assert not Exercise.objects.filter(key="nuevo").exists()


def test_a_rule_that_the_course_would_not_take_is_refused(author: Client, lesson: Lesson) -> None:
    point, pairs = GrammarPoint.objects.get(), PairSet.objects.get()
    two = rows("examples", point.examples[:2])
    found = errors(author.post(change(point), form_of(author, change(point)) | two))
    assert "hacen falta 3 o más" in " ".join(found["examples"])
    form = form_of(author, change(pairs)) | {"pairs-0-b": "ship"}
    assert "no se distinguen" in " ".join(errors(author.post(change(pairs), form))["pairs"])
    form = form_of(author, change(point)) | {"key": "uno"}
    assert "no vale como clave" in " ".join(errors(author.post(change(point), form))["key"])


def test_a_word_s_pronunciations_are_proposed(author: Client, course: Course) -> None:
    asked = {"english": "rabbit", "accepted": "R AE1 B EH0 T"}
    page = text_of(author.post(f"{ADMIN}/word/como-se-dice/", asked))
    assert "/ˈɹæbɛt/ ra·bbit R AE B EH T añadida por ti" in page
    assert "/ˈɹæbɪt/ ra·bbit R AE B IH T del diccionario" in page
    guessed = text_of(author.post(f"{ADMIN}/word/como-se-dice/", {"english": "brillig"}))
    assert "no está en el diccionario" in guessed
    wrong = author.post(f"{ADMIN}/word/como-se-dice/", {"english": "cat", "accepted": "K QQ"})
    assert "«QQ» no es un sonido" in text_of(wrong)
    for kind, mime in KINDS.items():
        sound = author.get(f"{ADMIN}/word/voz.{kind}?text=rabbit")
        assert (sound.status_code, sound.headers["Content-Type"]) == (200, mime)


def test_a_word_is_written_with_one_more_pronunciation(author: Client, lesson: Lesson) -> None:
    address = f"{ADMIN}/word/add/?lesson={lesson.pk}"
    values = {"english": "rabbit", "key": "rabbit", "pos": "noun", "accepted": "R AE B QQ"}
    form = form_of(author, address) | values | {"mx_translation": "el conejito"}
    assert "no es un sonido" in " ".join(errors(author.post(address, form))["accepted"])
    form |= {"accepted": "R AE B EH T", "translation": "el conejo"}
    assert errors(author.post(address, form)) == {}
    word = Word.objects.get(key="rabbit")
    assert (word.accepted, word.course, word.mexican) == (
        "R AE B EH T",
        lesson.unit.course,
        {"translation": "el conejito"},
    )
    assert "ya hay algo" in " ".join(errors(author.post(address, form))["key"])


def test_the_plain_exercises_have_a_form_too(author: Client, course: Course) -> None:
    exercise = lessons.exercise("rabbit")
    form = form_of(author, change(exercise)) | {"accepted": "R AE B EH T"}
    assert errors(author.post(change(exercise), form)) == {}
    exercise.refresh_from_db()
    assert (exercise.accepted, exercise.content) == ("R AE B EH T", {})


def test_the_pools_of_a_quiz_are_a_table(author: Client, course: Course) -> None:
    quiz = Lesson.objects.get(slug="uno-quiz")
    address = f"{ADMIN}/lesson/{quiz.pk}/revisar/"
    assert "No falta nada" in text_of(author.get(address))
    pool = {"title": "Todo", "take": "1", "exercises": "uno-07, nada"}
    form = form_of(author, change(quiz)) | rows("pools", [pool])
    assert errors(author.post(change(quiz), form)) == {}
    page = text_of(author.get(address))
    assert "ningún ejercicio «nada»" in page and "«uno-q-01» no está en ninguna bolsa" in page
    form |= rows("pools", [pool | {"take": "2"}])
    form |= {"pools-0-exercises": "uno-07 uno-08"}
    assert "hacen falta 4" in " ".join(errors(author.post(change(quiz), form))["pools"])
