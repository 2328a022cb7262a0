"""The model voice: real sound, made once, only for what is taught."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from django.test import Client, RequestFactory

from learning.models import Exercise
from learning.voice_views import spoken
from speech.errors import PLAIN
from tests import lessons

pytestmark = pytest.mark.django_db


@pytest.fixture
def rabbit() -> Exercise:
    return lessons.exercise("I see a rabbit.")


def sound(content: bytes) -> tuple[np.ndarray, int]:
    samples, rate = soundfile.read(io.BytesIO(content))
    return samples, rate


@pytest.mark.parametrize(("kind", "mime"), [("ogg", "audio/ogg"), ("mp3", "audio/mpeg")])
def test_an_exercise_is_read_aloud(client: Client, rabbit: Exercise, kind: str, mime: str) -> None:
    response = client.get(f"/voz/{rabbit.pk}/normal.{kind}")
    assert (response.status_code, response["Content-Type"]) == (200, mime)
    samples, rate = sound(response.content)
    assert 0.5 < len(samples) / rate < 4
    assert np.abs(samples).max() > 0.1


def test_slowly_takes_longer(client: Client, rabbit: Exercise) -> None:
    lengths = [
        len(sound(client.get(f"/voz/{rabbit.pk}/{speed}.ogg").content)[0])
        for speed in ("normal", "lenta")
    ]
    assert lengths[1] > 1.2 * lengths[0]


def test_the_voice_is_marked_as_a_stand_in(client: Client, rabbit: Exercise) -> None:
    answer = client.get(f"/voz/{rabbit.pk}/normal.ogg")
    assert answer["X-Voice"] == "stand-in"
    assert "max-age=60" in answer["Cache-Control"]  # another voice may come


@pytest.mark.parametrize(
    ("text", "code"), [("", "empty_text"), ("x" * 50_001, "text_too_long"), ("!!", "empty_text")]
)
def test_what_cannot_be_said_is_refused_in_words(rf: RequestFactory, text: str, code: str) -> None:
    answer = spoken(rf.get("/"), text, "normal", "mp3")
    assert answer.status_code == 422
    told = json.loads(answer.content)
    assert (told["code"], told["plain"]) == (code, PLAIN[code])


def test_a_sound_is_made_once(client: Client, rabbit: Exercise, tmp_path: Path) -> None:
    first = client.get(f"/voz/{rabbit.pk}/normal.ogg")
    (name,) = tmp_path.glob("public/voz/*/*.ogg")
    name.write_bytes(b"kept")
    assert client.get(f"/voz/{rabbit.pk}/normal.ogg").content == b"kept"
    assert first.content != b"kept"


def test_another_text_is_another_sound(client: Client, rabbit: Exercise) -> None:
    before = client.get(f"/voz/{rabbit.pk}/normal.ogg")
    rabbit.text = "I see a cat."
    rabbit.save()
    after = client.get(f"/voz/{rabbit.pk}/normal.ogg")
    assert before["ETag"] != after["ETag"]
    assert before.content != after.content


def test_what_the_browser_has_is_not_sent_again(client: Client, rabbit: Exercise) -> None:
    url = f"/voz/{rabbit.pk}/normal.ogg"
    first = client.get(url)
    again = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "max-age" in first["Cache-Control"]


def test_a_player_may_ask_for_a_part(client: Client, rabbit: Exercise) -> None:
    url = f"/voz/{rabbit.pk}/normal.mp3"
    whole = client.get(url).content
    for wanted, part in (
        ("bytes=0-1", whole[:2]),
        ("bytes=100-", whole[100:]),
        ("bytes=-5", whole[-5:]),
        (f"bytes=10-{10 * len(whole)}", whole[10:]),
    ):
        response = client.get(url, headers={"Range": wanted})
        assert (response.status_code, response.content) == (206, part)
        assert response["Content-Range"].endswith(f"/{len(whole)}")
    beyond = client.get(url, headers={"Range": f"bytes={len(whole)}-"})
    assert beyond.status_code == 416
    for odd in ("lines=1-2", "bytes=-", f"bytes={'9' * 5000}-"):
        response = client.get(url, headers={"Range": odd})
        assert (response.status_code, response.content) == (200, whole)


def test_a_word_of_an_exercise_or_of_a_tip_is_read_aloud(client: Client, rabbit: Exercise) -> None:
    for word in ("rabbit", "Rabbit", "see", "sheep"):
        assert client.get(f"/voz/palabra/{word}/normal.mp3").status_code == 200


@pytest.mark.parametrize(
    "word", ["rab", "xylophone", "I see", "%3Cscript%3E", "..", "%00", "a" * 3000]
)
def test_other_words_are_not(client: Client, rabbit: Exercise, word: str) -> None:
    assert client.get(f"/voz/palabra/{word}/normal.mp3").status_code == 404


def test_what_is_no_exercise_no_speed_or_no_kind_is_not_there(
    client: Client, rabbit: Exercise
) -> None:
    for path in ("999/normal.ogg", f"{rabbit.pk}/fast.ogg", f"{rabbit.pk}/normal.wav"):
        assert client.get(f"/voz/{path}").status_code == 404
    assert client.post(f"/voz/{rabbit.pk}/normal.ogg").status_code == 405
