"""Spreadsheets of what authors write: out, changed, and in again, whole or not at all."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
import tablib
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.test import Client

from learning.models import Course, Exercise, GrammarPoint, PairSet, Word
from tests import authors, lessons
from tests.authors import ADMIN, text_of

NUMBERS = ("id", "item_ptr_id")  # of a row, another one when it is made anew


@pytest.fixture
def course(db: None, tmp_path: Path) -> Course:
    return authors.course(tmp_path)


def sheet(author: Client, name: str) -> tablib.Dataset:
    response = author.post(f"{ADMIN}/{name}/export/", export_form(author, name))
    return tablib.Dataset().load(io.BytesIO(response.content), format="xlsx")


def export_form(author: Client, name: str) -> dict[str, str]:
    form = author.get(f"{ADMIN}/{name}/export/").context["form"]
    sent = {
        field: "on" for field in form.fields if field not in ("format", "resource", "export_items")
    }
    return {**sent, "format": "0", "resource": "0"}


def give(author: Client, name: str, data: tablib.Dataset) -> str:
    """Import a sheet and confirm it; what the pages say."""
    file = SimpleUploadedFile("hoja.xlsx", data.export("xlsx"))
    address = f"{ADMIN}/{name}/import/"
    response = author.post(address, {"import_file": file, "format": "0", "resource": "0"})
    confirm = response.context.get("confirm_form")
    if confirm is None:
        return text_of(response)
    response = author.post(f"{ADMIN}/{name}/process_import/", confirm.initial, follow=True)
    return text_of(response)


MODELS: dict[str, type[Model]] = {
    "word": Word,
    "grammarpoint": GrammarPoint,
    "pairset": PairSet,
    "exercise": Exercise,
}


@pytest.mark.parametrize("name", MODELS)
def test_a_sheet_that_comes_back_unchanged_changes_nothing(
    author: Client, course: Course, name: str
) -> None:
    rows = MODELS[name]._default_manager.order_by("pk")
    before = list(rows.values())
    data = sheet(author, name)
    assert len(data) == len(before)
    give(author, name, data)
    assert list(rows.values()) == before


@pytest.mark.parametrize("name", ["word", "grammarpoint", "pairset"])
def test_what_was_taken_away_comes_back_from_its_sheet(
    author: Client, course: Course, name: str
) -> None:
    rows = MODELS[name]._default_manager.order_by("key")
    before = [{k: v for k, v in row.items() if k not in NUMBERS} for row in rows.values()]
    data = sheet(author, name)
    rows.all().delete()
    give(author, name, data)
    after = [{k: v for k, v in row.items() if k not in NUMBERS} for row in rows.values()]
    assert before and after == before


def with_cell(data: tablib.Dataset, row: int, **cells: str) -> tablib.Dataset:
    rows = data.dict
    rows[row] |= cells
    changed = tablib.Dataset(headers=data.headers)
    for each in rows:
        changed.append([each[header] for header in data.headers])
    return changed


def test_words_are_changed_in_a_sheet(author: Client, course: Course) -> None:
    data = sheet(author, "word")
    at = data["key"].index("dog")
    give(author, "word", with_cell(data, at, translation="el can", translation_mx="el perrito"))
    dog = Word.objects.get(key="dog")
    assert (dog.translation, dog.mexican) == ("el can", {"translation": "el perrito"})
    history = author.get(f"{ADMIN}/word/{dog.pk}/history/")
    assert len(history.context["action_list"]) == 2


def test_exercises_are_changed_in_a_sheet(author: Client, course: Course) -> None:
    data = sheet(author, "exercise")
    at = data["key"].index("uno-08")
    give(author, "exercise", with_cell(data, at, practises="dog", content='{"answers": ["dog"]}'))
    exercise = Exercise.objects.get(key="uno-08")
    assert exercise.content == {"answers": ["dog"]}
    assert [practice.item.key for practice in exercise.practices.all()] == ["dog"]


def test_grammar_points_and_pairs_are_changed_in_a_sheet(author: Client, course: Course) -> None:
    data = sheet(author, "grammarpoint")
    assert "I see a cat. => Veo un gato." in data["examples"][0].splitlines()
    examples = f"{data['examples'][0]}\nThe sun is here. => El sol está aquí. | El sol está acá."
    give(author, "grammarpoint", with_cell(data, 0, examples=examples, title_mx="Ver, pues"))
    point = GrammarPoint.objects.get()
    assert point.examples[-1] == {
        "text": "The sun is here.",
        "translation": {"es": "El sol está aquí.", "es-mx": "El sol está acá."},
    }
    assert point.mexican["title"] == "Ver, pues"
    data = sheet(author, "pairset")
    first, *others = data["pairs"][0].splitlines()
    assert first.split(" => ")[:3] == ["ship", "barco", "🚢"]
    give(author, "pairset", with_cell(data, 0, pairs="\n".join([*others, first])))
    assert PairSet.objects.get().pairs[-1]["a"]["text"] == "ship"


@pytest.mark.parametrize(
    ("name", "cells", "column", "said"),
    [
        ("word", {"accepted": "K QQ"}, "accepted", "no es un sonido"),
        ("word", {"lesson": "ninguna"}, "lesson", "No hay nada con la clave «ninguna»."),
        ("word", {"lesson": ""}, "lesson", "Falta la lección."),
        ("word", {"course": "ninguno"}, "course", "No hay nada con la clave «ninguno»."),
        ("word", {"order": "uno"}, "order", "«uno» no es un número."),
        ("word", {"retired": "quizá"}, "retired", "«quizá» no es 1 (sí) ni 0 (no)."),
        ("word", {"pos": "nombre"}, "pos", "«nombre» no es ninguno de estos"),
        ("word", {"emoji": "gato"}, "emoji", "«gato» no es un emoji."),
        ("word", {"key": "El gato"}, "key", "letras"),
        ("word", {"translation_mx": "x" * 161}, "translation_mx", "Tiene 161 letras; caben 160."),
        ("grammarpoint", {"title": ""}, "title", "Este campo no puede estar vacío."),
        ("grammarpoint", {"key": "uno"}, "key", "«uno» no vale como clave"),
        ("grammarpoint", {"examples": "A cat."}, "examples", "Línea 1: hay 1 partes"),
        ("grammarpoint", {"examples": "\nA cat. => "}, "examples", "Línea 1: falta «traducción»."),
        ("grammarpoint", {"examples": "A cat. => Un gato."}, "examples", "Hay 1 y hacen falta 3"),
        ("grammarpoint", {"mistakes": "a => 兎 => no"}, "mistakes", "«兎»"),
        ("pairset", {"first": "QQ"}, "first", "«QQ» no es un sonido del inglés."),
        ("pairset", {"first": "", "second": ""}, "pairs", "no se distinguen"),
        ("pairset", {"pairs": "ship => barco"}, "pairs", "Línea 1: hay 2 partes"),
        ("exercise", {"content": "{"}, "content", "no es JSON"),
        ("exercise", {"practises": "nada"}, "practises", "no hay nada con la clave «nada»"),
        ("exercise", {"lesson": "ninguna"}, "lesson", "No hay nada con la clave «ninguna»."),
    ],
)
def test_one_bad_row_keeps_the_whole_sheet_out_and_is_named(
    author: Client, course: Course, name: str, cells: dict[str, str], column: str, said: str
) -> None:
    data = sheet(author, name)
    rows = MODELS[name]._default_manager.order_by("pk")
    before = list(rows.values())
    good = {"explanation": "Otra."} if "explanation" in data.headers else {"note": "Otra."}
    changed = with_cell(with_cell(data, len(data) - 1, **good), 0, **cells)
    page = give(author, name, changed)
    assert "No ha entrado ninguna fila" in page
    assert re.search(rf"Fila 2, columna «{column}»: .*?{re.escape(said)}", page), page
    assert list(rows.values()) == before


def test_a_row_without_its_answers_is_named_by_what_it_lacks(
    author: Client, course: Course
) -> None:
    changed = with_cell(sheet(author, "exercise"), 0, kind="gap", content="{}")
    page = give(author, "exercise", changed)
    assert "Fila 2: Falta «respuestas que valen»" in page


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("title", "titulo", "No existe la columna «titulo»."),
        ("key", None, "Falta la columna «key»."),
    ],
)
def test_columns_that_are_not_there_are_named(
    author: Client, course: Course, before: str, after: str | None, said: str
) -> None:
    data = sheet(author, "grammarpoint")
    if after is None:
        del data[before]
    else:
        data.headers = [after if each == before else each for each in data.headers]
    assert said in give(author, "grammarpoint", data)


def test_a_key_that_comes_twice_is_named(author: Client, course: Course) -> None:
    data = sheet(author, "word")
    page = give(author, "word", with_cell(data, 1, key=data["key"][0]))
    assert f"Fila 3, columna «key»: «{data['key'][0]}» está dos veces." in page


def test_a_row_of_another_courses_lesson_is_refused(author: Client, course: Course) -> None:
    other = lessons.exercise("rabbit").lesson
    page = give(author, "word", with_cell(sheet(author, "word"), 0, lesson=other.slug))
    assert "Fila 2, columna «lesson»: Esta lección es de otro curso." in page
