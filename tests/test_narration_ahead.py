"""What is said before anybody asks: on publishing, in idle moments, by command; and tidying."""

import os
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from assessment import tips
from learning import narration, narration_ahead, narration_texts, voice
from learning.models import Book, Course, Lesson
from learning.voice import STAND_IN, Passage, Sounds
from tests import authors, books, lessons, narrators, queues
from tests.authors import ADMIN

pytestmark = pytest.mark.django_db
WEEK_S = 8 * 24 * 3600


@pytest.fixture(autouse=True)
def own(settings: Settings, tmp_path: Path) -> Iterator[None]:
    with narrators.installed(settings, tmp_path):
        yield


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return authors.course(tmp_path)


@pytest.fixture
def book(tmp_path: Path) -> Book:
    found = books.load(tmp_path)
    Book.objects.update(published=True)
    found.refresh_from_db()
    return found


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tips are many."""
    monkeypatch.setattr(narration_texts, "others", [lambda: ["ship"]])


def texts(passages: list[Passage]) -> set[str]:
    return {each.said for each in passages if isinstance(each.said, str)}


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("narrate_course", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_everything_that_has_a_voice_is_in_it(course: Course, book: Book) -> None:
    found = narration_texts.everything()
    assert len(set(found)) == len(found)
    page = book.shown_pages[0].text
    assert tips.words() <= texts(found)
    assert {"cat", "The cat is here.", "kite", page} <= texts(found)
    of_page = {(each.style, each.speed) for each in found if each.said == page}
    assert len(of_page) == 4
    assert any(isinstance(each.said, Sounds) for each in found)  # syllables
    speeds = [each.speed for each in found]
    assert speeds == sorted(speeds, key=list(voice.SPEEDS).index)


def test_drafts_are_not_in_it(book: Book, few: None) -> None:
    lessons.exercise("I see a draft.", published=False)
    lessons.exercise("I see a rabbit.")
    Book.objects.update(published=False)
    found = texts(narration_texts.everything())
    assert found == {"I see a rabbit.", "i", "see", "a", "rabbit", "ship"}


def test_publishing_has_its_texts_said(
    course: Course,
    author: Client,
    few: None,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    lesson = Lesson.objects.get(slug="leccion")
    Lesson.objects.update(published=False)
    with django_capture_on_commit_callbacks(execute=True):
        author.post(f"{ADMIN}/lesson/{lesson.pk}/revisar/", {"publish": "1"})
    assert Lesson.objects.get(pk=lesson.pk).published
    rounds = 0
    while jobs := queues.jobs("narrate"):
        assert jobs in ([["Lesson", lesson.pk]], [["Lesson", lesson.pk, 0]])
        narration_ahead.published("Lesson", lesson.pk)
        rounds += 1
        assert rounds < 100
    passages = narration_texts.of_lesson(lesson)
    assert len(passages) > 20
    assert narration_ahead.missing(passages) == []


def test_a_job_leaves_the_rest_to_the_next(
    book: Book, monkeypatch: pytest.MonkeyPatch, few: None
) -> None:
    monkeypatch.setattr(narration_ahead, "SOME_S", 0.05)
    before = len(narration_ahead.missing(narration_texts.of_book(book)))
    narration_ahead.published("Book", book.pk)
    left = len(narration_ahead.missing(narration_texts.of_book(book)))
    assert 0 < left < before
    assert queues.jobs("narrate") == [["Book", book.pk, 0]]
    narration_ahead.published("Book", 999)
    assert queues.jobs("narrate") == []


def test_the_rest_is_said_in_jobs_one_after_another(
    monkeypatch: pytest.MonkeyPatch, few: None
) -> None:
    lessons.exercise("I see a rabbit.")
    monkeypatch.setattr(narration_ahead, "SOME_S", 0.05)
    assert narration_ahead.say_rest()
    assert not narration_ahead.say_rest()  # under way
    rounds = 0
    while jobs := queues.jobs("narrate"):
        assert jobs == [[0]]
        narration_ahead.rest(int(jobs[0][0]))
        rounds += 1
        assert rounds < 100
    assert rounds > 1
    assert narration_ahead.missing(narration_texts.everything()) == []
    assert narration_ahead.say_rest()


def test_what_cannot_be_said_steps_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(narration_texts, "others", [lambda: ["?", "!"]])
    missing = narration_ahead.missing(narration_texts.everything())
    assert narration_ahead.some(missing, 20) == (True, 4)  # each in two speeds
    assert narration_ahead.some(missing, -1) == (False, 0)
    last, *before = narration.failures(voice.current())
    assert (last.passage, last.code) == (Passage("!", speed="lenta"), "nothing_to_say")
    assert len(before) == 3
    cache.clear()
    narration_ahead.rest(3)  # as the fourth job would
    assert [each.passage for each in narration.failures(voice.current())] == [last.passage]
    assert queues.jobs("narrate") == []


def test_in_idle_moments_a_little_is_said_until_all_is_there(settings: Settings, few: None) -> None:
    lessons.exercise("I see a rabbit.")
    settings.NARRATE_AHEAD_S = 0
    narration_ahead.ahead()
    assert narration_ahead.status(narration_texts.everything()).made == 0
    settings.NARRATE_AHEAD_S = 20
    narration_ahead.ahead()
    found = narration_ahead.status(narration_texts.everything())
    assert found.made == found.passages == 12
    assert cache.get(narration_ahead.ALL_MADE + voice.current().folder)


def test_espeak_speaks_when_asked_and_not_before(settings: Settings, few: None) -> None:
    lessons.exercise("I see a rabbit.")
    settings.NARRATOR_BUNDLE = "/nowhere"
    narration_ahead.ahead()
    assert narration_ahead.status(narration_texts.everything()).made == 0


def test_the_command_goes_on_from_where_it_was(few: None) -> None:
    lessons.exercise("I see a rabbit. It is red.")
    assert set(run("--list").splitlines()) >= {"I see a rabbit. It is red.", "rabbit", "ship"}
    name = voice.current().name
    kinds = "lessons: 0 of 16\nbooks: 0 of 0\nelsewhere: 0 of 2\n"
    assert run("--status") == f"{name}: 0 of 18 made, 0 files, 0.0 MB\n{kinds}"
    assert run("--limit", "3").startswith(f"{name}: 3 of 18 made, ")
    kept = {path: path.stat().st_mtime_ns for path in made()}
    assert run().startswith(f"{name}: 18 of 18 made, ")
    assert all(path.stat().st_mtime_ns == when for path, when in kept.items())
    assert run() == run("--status")


def made() -> list[Path]:
    return list(Path(default_storage.path("voz")).rglob("*.*"))


def test_what_old_voices_said_goes_and_what_is_heard_stays(few: None, settings: Settings) -> None:
    lessons.exercise("rabbit")
    run()
    now = voice.current()
    assert run("--prune") == "0 files deleted\n"
    top = Path(default_storage.path("voz"))
    (top / "cotorra-older").mkdir()
    for old in (top / "cotorra-older" / "x.mp3", top / "y.mp3"):
        old.write_bytes(b"old")
    mine = Passage(voice.of_phones(["es_rr", "AE"], "1"))  # somebody's version, this week
    narration.made(mine)
    list(STAND_IN.making(Passage("rabbit")))
    assert run("--prune") == "2 files deleted\n"
    then = time.time() - WEEK_S
    for path in made():
        os.utime(path, (then, then))
    assert run("--prune") == "6 files deleted\n"
    assert not now.has(mine) and not STAND_IN.has(Passage("rabbit"))
    assert narration_ahead.missing(narration_texts.everything()) == []


def test_a_bundle_that_does_not_load_is_told(settings: Settings, tmp_path: Path) -> None:
    config = tmp_path / "narrator" / "config.json"
    config.write_text('{"version": "abc"}')
    assert run("--status").startswith("cotorra abc: 0 of ")
    with pytest.raises(CommandError, match="does not load"):
        run()
