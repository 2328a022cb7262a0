"""One's own page of a book, read aloud: taken, scored and answered like any other take."""

import uuid
from pathlib import Path
from typing import Any

import pytest
from channels.db import database_sync_to_async

from assessment import attempts, consumers, feedback, scoring
from assessment.models import Attempt
from assessment.open_takes import OpenTakes
from assessment.protocol import Start
from learning.models import Book, Day, Page, Progress, SoundCount
from speech.findings import Fluency, Pause, TakeFinding
from tests import books, pages, people
from tests.people import Person
from tests.takes import attempt, silent, take
from tests.test_feedback import Reader
from tests.voices import voice

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def learner(transactional_db: None) -> Person:
    return people.learner()


@pytest.fixture
def page(tmp_path: Path, transactional_db: None) -> Page:
    books.load(tmp_path, pages=books.spoken())
    return Page.objects.get(key="02")


@pytest.fixture(autouse=True)
def no_takes_of_other_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "OPEN", OpenTakes())


async def test_a_page_is_recorded_like_an_exercise(learner: Person, page: Page) -> None:
    async with pages.page(learner) as talk:
        await talk.start(0, page=page.pk)
        await talk.hear("ready")
        await talk.say("stop", frames=await talk.send(voice().pcm))
        await talk.hear("stored")
    stored = await database_sync_to_async(Attempt.objects.get)()
    assert (stored.page_id, stored.exercise_id) == (page.pk, None)
    assert stored.criterion["text"] == page.text


@pytest.mark.parametrize("change", [{"page": 0}, {"page": 99_999}, {"page": "1"}, {"page": None}])
async def test_what_is_no_page_is_refused(
    learner: Person, page: Page, change: dict[str, Any]
) -> None:
    async with pages.page(learner) as talk:
        await talk.start(0, **change)
        assert (await talk.hear("error"))["code"] == "unknown_exercise"


@pytest.mark.parametrize("hidden", [{"retired": True}, {"book__published": False}])
async def test_a_page_that_is_not_shown_is_refused(
    learner: Person, page: Page, hidden: dict[str, bool]
) -> None:
    if "retired" in hidden:
        await Page.objects.aupdate(**hidden)
    else:
        await Book.objects.aupdate(published=False)
    async with pages.page(learner) as talk:
        await talk.start(0, page=page.pk)
        assert (await talk.hear("error"))["code"] == "unknown_exercise"


def test_a_page_read_aloud_is_scored_and_counts(learner: Person, page: Page) -> None:
    start = Start(uuid.uuid4(), page=page.pk)
    criterion = attempts.prepare(learner.profile, start)
    assert not isinstance(criterion, Attempt)
    stored = attempts.store(learner.profile, start, criterion, voice().pcm)
    scoring.score(stored.pk)
    stored.refresh_from_db()
    assert stored.state == Attempt.State.SCORED
    assert SoundCount.objects.exists() and not Progress.objects.exists()
    assert Day.objects.get().seconds > 0
    html = learner.client.get(stored.get_absolute_url()).content.decode()
    for speed in ("normal", "lenta"):
        assert f'data-tell="/voz/libro/{page.pk}/storytelling/{speed}/frases.json"' in html


def test_the_attempt_outlives_its_page(learner: Person, page: Page) -> None:
    finding = take(voice().text)
    kept = attempt(learner, finding, page=page)
    page.delete()
    kept.refresh_from_db()
    assert kept.page_id is None and "data-score" in feedback.render(kept)


# What is said of it


def told(learner: Person, page: Page, finding: TakeFinding) -> Reader:
    return Reader(feedback.render(attempt(learner, finding, page=page)))


def text(read: Reader, name: str) -> str:
    return " ".join(" ".join(each["text"].split()) for each in read.of_class(name))


def test_what_went_well_is_named_and_one_thing_is_to_be_tried(learner: Person, page: Page) -> None:
    said = {"three": "T R IY", "red": "es_rr EH D", "birds": "B ER D"}
    read = told(learner, page, take("I see three red birds in the garden", said))
    assert text(read, "feedback-says") == "Leíste 5 palabras de 8 sin nada que corregir."
    assert "«garden»" in text(read, "feedback-praise") or "te salió" in text(
        read, "feedback-praise"
    )
    assert len(read.of_class("tip")) == 1


def test_words_are_praised_where_no_sound_can_be(learner: Person, page: Page) -> None:
    read = told(learner, page, take("go go my mum", {"my": "M IY"}))
    assert text(read, "feedback-says") == "Leíste 3 palabras de 4 sin nada que corregir."
    assert "«mum»" in text(read, "feedback-praise")


def test_nothing_is_praised_that_was_not_said(learner: Person, page: Page) -> None:
    unheard = tuple(map(silent, ("red", "kite")))
    finding = TakeFinding("red kite", 1.0, (), unheard, notes=("not_speech",))
    read = told(learner, page, finding)
    assert "No hemos oído a nadie leer" in text(read, "feedback-says")
    assert read.of_class("feedback-praise") == []


def test_a_perfect_page_is_told_so(learner: Person, page: Page) -> None:
    read = told(learner, page, take("a red kite"))
    assert "No encontramos nada que corregir" in text(read, "feedback-says")


def test_who_stops_where_the_text_stops_is_not_told_to_go_on(learner: Person, page: Page) -> None:
    pauses = (Pause(0, 0.5, 1.5), Pause(2, 2.0, 3.0))
    finding = take("Look! A kite, Leo", fluency=Fluency(3.0, pauses, 0.9))
    assert "sin parar" not in text(told(learner, page, finding), "flow-says")
