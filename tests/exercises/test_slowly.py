"""A word said syllable by syllable: what each syllable sounds like, and where it is heard."""

import io

import pytest
import soundfile
import yaml
from django.test import Client

from learning.course_part import FOLDER
from learning.exercises import slowly
from learning.models import Exercise
from learning.voice import Sounds
from speech import espeak
from speech.phones import is_vowel


def exercise(text: str, *syllables: str, accepted: str = "") -> Exercise:
    content = {"syllables": list(syllables)}
    return Exercise(kind="say_slowly", text=text, content=content, accepted=accepted)


def spelled(slow: Exercise) -> list[str]:
    """As espeak-ng writes the sounds."""
    found = []
    for sounds in slowly.spoken(slow):
        assert isinstance(sounds, Sounds)
        (phones,), (stress,) = sounds
        digits = (str(d) for p, d in zip(phones, stress, strict=True) if is_vowel(p))
        found.append(espeak.spell(phones, "".join(digits)))
    return found


@pytest.mark.parametrize(
    ("text", "syllables", "sounds"),
    [
        ("birthday", ["birth", "day"], ["b|'3:|T", "d|,eI"]),
        ("yellow", ["yel", "low"], ["j|'E", "l|oU"]),  # written in both, said once
        ("grandmother", ["grand", "moth", "er"], ["g|r|'a|n|d", "m|,V|D", "3"]),
        ("windy weather", ["win", "dy", "wea", "ther"], ["w|'I|n", "d|i", "w|'E", "D|3"]),
        # The way of saying it that has as many syllables.
        ("chocolate", ["choc", "o", "late"], ["tS|'A:|k", "@", "l|@|t"]),
        ("You're", ["You’re"], ["j|'U|r"]),
    ],
)
def test_each_syllable_has_the_sounds_of_its_letters(
    text: str, syllables: list[str], sounds: list[str]
) -> None:
    assert spelled(exercise(text, *syllables)) == [f"[[{sound}]]" for sound in sounds]


def test_what_its_author_accepts_counts() -> None:
    # Nobody else says it in three.
    found = spelled(exercise("rabbit", "rab", "bi", "t", accepted="R AE1 B IH0 T AH0"))
    assert found == ["[[r|'a]]", "[[b|I]]", "[[t|@]]"]


def test_where_no_pronunciation_fits_the_letters_are_read() -> None:
    assert slowly.spoken(exercise("Cat!", "c", "at!")) == ["c", "at"]
    assert slowly.spoken(exercise("20 cats", "20", "cats")) == ["20", "cats"]


def test_every_syllable_of_the_shipped_course_has_its_sounds() -> None:
    files = [file.read_text("utf-8") for file in FOLDER.glob("a1/*/*.yaml")]
    lessons = [yaml.load(file, yaml.CSafeLoader) for file in files]
    exercises = [each for lesson in lessons for each in lesson["exercises"]]
    slow = [each for each in exercises if each["type"] == "say_slowly"]
    assert len(slow) >= 40
    for each in slow:
        found = slowly.spoken(exercise(each["text"], *each["syllables"]))
        assert len(found) == len(each["syllables"])
        assert all(isinstance(sound, Sounds) for sound in found), each["text"]


@pytest.mark.django_db
def test_a_syllable_is_heard_and_nothing_else_is(
    client: Client, by_kind: dict[str, Exercise]
) -> None:
    at = f"/voz/{by_kind['say_slowly'].pk}"
    whole = client.get(f"{at}/0/lenta.ogg")
    syllables = [client.get(f"{at}/silaba/{number}/lenta.ogg") for number in (0, 1)]
    assert {each.status_code for each in syllables} == {200}
    lengths = [soundfile.info(io.BytesIO(each.content)).duration for each in (whole, *syllables)]
    assert 0.2 < max(lengths[1:]) < lengths[0]
    assert syllables[0].content != syllables[1].content
    again = client.get(f"{at}/silaba/0/lenta.ogg", headers={"If-None-Match": syllables[0]["ETag"]})
    assert again.status_code == 304
    assert client.get(f"{at}/silaba/2/lenta.ogg").status_code == 404
    other = by_kind["see_say"].pk
    assert client.get(f"/voz/{other}/silaba/0/lenta.ogg").status_code == 404
    page = client.get("/jugar/leccion/").content.decode()
    assert all(f'data-play="{at}/silaba/{number}/lenta.ogg"' in page for number in (0, 1))
