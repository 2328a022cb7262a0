"""`load_course --if-changed`: what is loaded already is not read again, and nothing else is."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from learning.models import Course, Exercise, LoadedContent, Word
from tests import syllabus

LESSON = "uno/leccion.yaml"
SKIPPED = "The files have not changed"


@pytest.fixture
def folder(tmp_path: Path, db: None) -> Path:
    folder = syllabus.write(tmp_path)
    load(folder)
    return folder


def load(*courses: Path, by_hand: bool = False) -> str:
    out = io.StringIO()
    call_command("load_course", *courses, if_changed=not by_hand, stdout=out)
    return out.getvalue()


def test_unchanged_files_are_not_read_again(folder: Path) -> None:
    assert SKIPPED in load(folder)
    assert "0 created, 0 updated" in load(folder, by_hand=True)
    assert SKIPPED in load(folder)


def test_a_changed_file_is_loaded(folder: Path) -> None:
    syllabus.change(folder / LESSON, "translation: el perro", "translation: el can")
    assert "1 updated" in load(folder)
    assert Word.objects.get(key="dog").translation == "el can"
    syllabus.change(folder / LESSON, "translation: el can", "translation: el perro")
    assert "1 updated" in load(folder)  # as it was loaded once, but not last


def test_a_file_that_comes_or_goes_is_noticed(folder: Path) -> None:
    new = folder / "uno" / "otra.yaml"
    new.write_text("", "utf-8")
    assert SKIPPED not in load(folder)
    new.rename(folder / "uno" / "aquella.yaml")
    assert SKIPPED not in load(folder)


def test_other_courses_and_another_order_are_loaded(folder: Path, tmp_path: Path) -> None:
    second = tmp_path / "segundo.yaml"
    second.write_text("course: {slug: segundo, title: Segundo}\nunits: []\n", "utf-8")
    assert "segundo.yaml: 1 created" in load(folder, second)
    assert SKIPPED in load(folder, second)
    assert SKIPPED not in load(second, folder)
    assert [course.slug for course in Course.objects.all()] == ["segundo", "curso"]


def test_after_a_refusal_the_files_are_read_again(folder: Path) -> None:
    syllabus.change(folder / LESSON, "kind: vocabulary", "kind: vocabularies")
    for _ in range(2):
        with pytest.raises(CommandError, match="vocabularies"):
            load(folder)
    with pytest.raises(CommandError, match="nowhere"):
        load(folder / "nowhere")
    syllabus.change(folder / LESSON, "kind: vocabularies", "kind: vocabulary")
    assert SKIPPED in load(folder)  # the rows are still those of these files


def test_another_loader_reads_anew(folder: Path, tmp_path: Path, settings: Settings) -> None:
    settings.BASE_DIR = tmp_path / "code"
    (tmp_path / "code" / "learning").mkdir(parents=True)
    assert SKIPPED not in load(folder)
    assert SKIPPED in load(folder)
    (tmp_path / "code" / "learning" / "loading.py").write_text("pass\n")
    assert SKIPPED not in load(folder)


def test_an_edit_taken_back_lets_the_changed_file_in(folder: Path) -> None:
    """The file's text waits behind the author's, unless it is looked at every time."""
    Word.objects.filter(key="dog").update(note="Guau.")
    assert SKIPPED in load(folder)  # the file says nothing new
    syllabus.change(folder / LESSON, "translation: el perro", "translation: el can")
    for _ in range(2):
        assert "curso/:dog: changed in admin" in load(folder)
    Word.objects.filter(key="dog").update(note="")
    assert "1 updated" in load(folder)
    assert Word.objects.get(key="dog").translation == "el can"
    assert SKIPPED in load(folder)


def test_so_does_a_place_taken_back(folder: Path) -> None:
    Exercise.objects.filter(key="uno-01").update(order=50)
    text = (folder / LESSON).read_text("utf-8")
    head, _, exercises = text.partition("exercises:\n")
    first, second, rest = exercises.split("  - id: ", 3)[1:]
    swapped = "".join(f"  - id: {each}" for each in (second, first, rest))
    (folder / LESSON).write_text(f"{head}exercises:\n{swapped}", "utf-8")
    assert "curso//leccion/uno-01: changed in admin" in load(folder)
    Exercise.objects.filter(key="uno-01").update(order=1)
    assert SKIPPED not in load(folder)
    assert [each.key for each in Exercise.objects.order_by("order")[:3]][1:] == [
        "uno-q-01",
        "uno-01",
    ]


def test_nothing_is_remembered_in_an_empty_database(folder: Path) -> None:
    Course.objects.all().delete()
    LoadedContent.objects.all().delete()
    assert "created" in load(folder)
    assert Course.objects.exists()
