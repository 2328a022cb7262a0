"""Our own voice in the product: made once by a worker, waited for, replaced where it does not come.

The voice is a real one with a small network that learnt nothing; the worker a real thread.
"""

import io
import json
import logging
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from pytest_django import Settings

from learning import narration, voice
from learning.models import Book
from learning.voice import STAND_IN, Passage, of_phones
from speech.bundle import WEIGHTS
from speech.errors import SpeechError
from speech.thresholds import NARRATOR
from tests import books, lessons, narrators, queues, servers

pytestmark = pytest.mark.django_db
LONG = "The kite is red. It goes up and up. Can I fly it, too?"


@pytest.fixture(autouse=True)
def own(settings: Settings, tmp_path: Path) -> Iterator[str]:
    """The version of our own voice."""
    folder = tmp_path / "narrator"
    folder.mkdir()
    settings.NARRATOR_BUNDLE = str(folder)
    settings.NARRATE_WAIT_S = 20
    cache.clear()
    yield narrators.write(folder)
    queues.jobs("narrate")
    cache.clear()


@pytest.fixture
def worker() -> Iterator[list[Passage]]:
    """Works on what is asked for, as a worker does; what it worked on."""
    done: list[Passage] = []
    over = threading.Event()

    def work() -> None:
        while not over.is_set():
            for fields in queues.jobs("narrate"):
                done.append(Passage.of(fields))
                narration.work(done[-1])
            time.sleep(0.02)

    thread = threading.Thread(target=work)
    thread.start()
    yield done
    over.set()
    thread.join()


def heard(data: bytes) -> float:
    """Its seconds."""
    return float(soundfile.info(io.BytesIO(data)).duration)


def test_a_worker_speaks_while_the_page_waits(
    client: Client, own: str, worker: list[Passage]
) -> None:
    exercise = lessons.exercise("I see a rabbit.")
    for kind, form in (("ogg", "OPUS"), ("mp3", "MPEG_LAYER_III")):
        answer = client.get(f"/voz/{exercise.pk}/normal.{kind}")
        assert (answer.status_code, answer["X-Voice"]) == (200, f"cotorra {own}")
        assert "max-age=3600" in answer["Cache-Control"]
        samples, rate = soundfile.read(io.BytesIO(answer.content))
        assert soundfile.info(io.BytesIO(answer.content)).subtype == form
        assert len(samples) / rate > 0.3 and np.abs(samples).max() > 0.01
    assert worker == [Passage("I see a rabbit.")]  # both kinds at once


def test_the_voice_that_ships_speaks_words_sentences_and_sounds(
    settings: Settings, worker: list[Passage]
) -> None:
    settings.NARRATOR_BUNDLE = str(NARRATOR)
    said = ("rabbit", "I see a rabbit.", of_phones("es_rr AE B AH T".split(), "10"))
    for each in said:
        usual, slow = (narration.given(Passage(each, speed=s), "ogg") for s in ("normal", "lenta"))
        assert usual.voice.name.startswith("cotorra ")
        assert 0.3 < heard(usual.data) < 5
        assert heard(slow.data) > 1.2 * heard(usual.data)
        samples, _ = soundfile.read(io.BytesIO(usual.data))
        assert np.abs(samples).max() > 0.1


def test_many_who_ask_at_once_make_it_once(worker: list[Passage]) -> None:
    passage = Passage(LONG, "storytelling", "lenta")
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: narration.given(passage, "mp3"), range(8)))
    assert len({each.data for each in found}) == 1
    assert worker == [passage]


def test_two_workers_with_the_same_job_speak_once() -> None:
    passage = Passage(LONG)
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: narration.make(voice.current(), passage), range(4)))
    assert sorted(made) == [False, False, False, True]
    assert voice.current().has(passage)


def test_the_stand_in_is_made_once_too(settings: Settings) -> None:
    settings.NARRATOR_BUNDLE = "/nowhere"
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: narration.given(Passage(LONG), "mp3"), range(8)))
    assert len({each.data for each in found}) == 1
    assert {each.voice for each in found} == {STAND_IN}


def test_without_a_worker_espeak_stands_in_until_one_comes(
    client: Client, settings: Settings, own: str, caplog: pytest.LogCaptureFixture
) -> None:
    settings.NARRATE_WAIT_S = 1
    url = f"/voz/{lessons.exercise('I see a rabbit.').pk}/normal.mp3"
    started = time.monotonic()
    answer = client.get(url)
    assert 0.5 < time.monotonic() - started < 5
    assert (answer.status_code, answer["X-Voice"]) == (200, "stand-in")
    assert "max-age=60" in answer["Cache-Control"]
    started = time.monotonic()
    assert client.get(url)["X-Voice"] == "stand-in"
    assert time.monotonic() - started < 0.5  # nobody waits again
    assert [r.message for r in caplog.records if "no_narrator" in r.message] == [
        "code=no_narrator nobody spoke in 1 s"
    ]
    (fields,) = queues.jobs("narrate")  # asked for once
    narration.work(Passage.of(fields))
    later = client.get(url, headers={"If-None-Match": answer["ETag"]})
    assert (later.status_code, later["X-Voice"]) == (200, f"cotorra {own}")


def test_a_broken_bundle_makes_nobody_wait(
    client: Client, settings: Settings, worker: list[Passage], caplog: pytest.LogCaptureFixture
) -> None:
    broken = Path(settings.NARRATOR_BUNDLE) / WEIGHTS
    broken.write_bytes(broken.read_bytes()[:1000])
    exercise = lessons.exercise("I see a rabbit.")
    started = time.monotonic()
    for speed in ("normal", "lenta"):
        answer = client.get(f"/voz/{exercise.pk}/{speed}.mp3")
        assert (answer.status_code, answer["X-Voice"]) == (200, "stand-in")
    assert time.monotonic() - started < 10
    said = [r.message for r in caplog.records if "stands in" in r.message]
    assert len(said) == 1 and "bad_bundle" in said[0]


def test_a_job_that_fails_is_logged_once_and_replaced(
    client: Client,
    settings: Settings,
    worker: list[Passage],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    folder = Path(default_storage.path("voz"))
    folder.mkdir(parents=True)
    (folder / voice.current().folder).write_text("a file is in the way")
    url = f"/voz/{lessons.exercise('I see a rabbit.').pk}/normal.mp3"
    for _ in range(2):
        answer = client.get(url)
        assert (answer.status_code, answer["X-Voice"]) == (200, "stand-in")
    failures = [r for r in caplog.records if "no voice for" in r.message]
    assert len(failures) == 1 and failures[0].levelno == logging.ERROR
    assert len(worker) == 1


def test_what_cannot_be_said_asks_nobody() -> None:
    for text, code in (("", "empty_text"), (" ", "empty_text"), ("x" * 50_001, "text_too_long")):
        with pytest.raises(SpeechError) as error:
            narration.given(Passage(text), "mp3")
        assert error.value.code == code
    assert queues.jobs("narrate") == []


def test_only_punctuation_is_refused_after_all(worker: list[Passage]) -> None:
    with pytest.raises(SpeechError):
        narration.given(Passage("?!..."), "mp3")


def test_slow_vowels_are_longer(worker: list[Passage]) -> None:
    usual, slow = (Passage("I see a rabbit.", speed=speed) for speed in ("normal", "lenta"))
    assert usual.key != slow.key
    assert heard(narration.given(slow, "mp3").data) > 1.15 * heard(
        narration.given(usual, "mp3").data
    )


def test_sounds_are_said_by_either_voice(worker: list[Passage], settings: Settings) -> None:
    right = of_phones("R AE B AH T".split(), "10")
    spanish = of_phones("es_rr es_a B IY T".split(), "10")
    mine = [narration.given(Passage(each), "ogg") for each in (right, spanish)]
    settings.NARRATOR_BUNDLE = "/nowhere"
    others = [narration.given(Passage(each), "ogg") for each in (right, spanish)]
    assert [each.voice is STAND_IN for each in (*mine, *others)] == [False, False, True, True]
    assert len({each.data for each in (*mine, *others)}) == 4
    assert all(heard(each.data) > 0.2 for each in (*mine, *others))
    with pytest.raises(SpeechError):
        of_phones(["QQ"], "")


def test_another_version_speaks_anew(settings: Settings, tmp_path: Path, own: str) -> None:
    passage = Passage("rabbit")
    narration.work(passage)
    before = voice.current()
    assert before.has(passage)
    (tmp_path / "second").mkdir()
    settings.NARRATOR_BUNDLE = str(tmp_path / "second")
    assert narrators.write(tmp_path / "second", pace=1.5) != own
    assert voice.current() != before
    assert not voice.current().has(passage)


def test_a_sentence_is_there_before_the_whole(own: str) -> None:
    passage, speaker = Passage(LONG, "storytelling"), voice.current()
    making = speaker.making(passage)
    next(making)
    first = speaker.kept(passage, "json", 0)
    assert first is not None and not speaker.has(passage)
    assert speaker.kept(passage, "mp3", 1) is None
    assert list(making) == [1, 2]
    whole = json.loads(speaker.kept(passage, "json") or b"")
    parts = [json.loads(speaker.kept(passage, "json", at) or b"") for at in range(3)]
    assert [w["word"] for part in parts for w in part["words"]] == [
        w["word"] for w in whole["words"]
    ]
    for part in parts:
        assert [LONG[w["at"] : w["to"]] for w in part["words"]] == [
            w["word"] for w in part["words"]
        ]
    assert sum(part["seconds"] for part in parts) == pytest.approx(whole["seconds"], abs=0.03)


def test_a_page_begins_with_its_first_sentence(
    client: Client, own: str, tmp_path: Path, worker: list[Passage]
) -> None:
    page = books.load(tmp_path).shown_pages[2]
    Book.objects.update(published=True)
    at = f"/voz/libro/{page.pk}/storytelling/lenta"

    def playlist() -> list[dict[str, Any]]:
        told = client.get(f"{at}/frases.json").json()
        assert (told["voice"], told["style"]) == (f"cotorra {own}", "storytelling")
        sentences: list[dict[str, Any]] = told["sentences"]
        assert "".join(page.text[each["at"] : each["to"]] for each in sentences) == page.text
        return sentences

    assert len(playlist()) == 3
    for number, each in enumerate(playlist()):
        assert each["url"] == f"{at}/{number}.ogg"
        assert each["times"] == f"{at}/{number}.json"
        for url in (each["url"], each["url"].replace(".ogg", ".mp3")):
            answer = client.get(url)
            assert (answer.status_code, answer["X-Voice"]) == (200, f"cotorra {own}")
        words = client.get(each["times"]).json()["words"]
        assert [page.text[word["at"] : word["to"]] for word in words] == [w["word"] for w in words]
    servers.wait_until(lambda: voice.current().has(worker[0]), "the whole is not there")
    seconds = [each["seconds"] for each in playlist()]
    assert all(seconds) and all(each["words"] for each in playlist())
    whole = json.loads(voice.current().kept(worker[0], "json") or b"")
    assert sum(seconds) == pytest.approx(whole["seconds"], abs=0.03)
    assert worker == [Passage(page.text, "storytelling", "lenta")]
    assert client.get(f"{at}/3.mp3").status_code == 404
    Book.objects.update(published=False)
    assert client.get(f"{at}/0.mp3").status_code == client.get(f"{at}/frases.json").status_code
    assert client.get(f"{at}/0.mp3").status_code == 404


def test_a_page_of_one_sentence_and_one_by_the_stand_in(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.NARRATOR_BUNDLE = "/nowhere"
    page = books.load(tmp_path).shown_pages[2]
    Book.objects.update(published=True)
    at = f"/voz/libro/{page.pk}/neutral/normal"
    parts = [each["times"] for each in client.get(f"{at}/frases.json").json()["sentences"]]
    words = [word for part in parts for word in client.get(part).json()["words"]]
    assert [page.text[word["at"] : word["to"]] for word in words] == [w["word"] for w in words]
    assert " ".join(word["word"] for word in words).endswith("he says Yes you can")
    page.text = "The kite is red."
    page.save()
    assert len(client.get(f"{at}/frases.json").json()["sentences"]) == 1
    assert client.get(f"{at}/0.mp3").content == narration.given(Passage(page.text), "mp3").data


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    """A reader beside a writer never sees a part."""
    seen: set[int] = set()
    data = bytes(2_000_000)
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            try:
                with default_storage.open("voz/x/y.mp3") as file:
                    seen.add(len(file.read()))
            except FileNotFoundError:
                seen.add(-1)

    reader = threading.Thread(target=look)
    reader.start()
    for _ in range(20):
        assert default_storage.save("voz/x/y.mp3", ContentFile(data)) == "voz/x/y.mp3"
    over.set()
    reader.join()
    assert seen <= {-1, len(data)}
    assert default_storage.listdir("voz/x") == ([], ["y.mp3"])
