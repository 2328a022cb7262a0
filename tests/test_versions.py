"""A word of a take, said by the voice as it was heard and as it is right."""

import pytest
from django.test import Client

from assessment import feedback, versions
from assessment.models import Attempt
from learning.voice import of_phones
from speech.findings import StressFinding, Verdict, WordFinding
from tests import lessons
from tests.people import Person
from tests.takes import attempt, silent, take

RABBIT = {"word": "rabbit", "pronunciations": [["R", "AE", "B", "AH", "T"]], "stress": ["10"]}


def word(said: str) -> WordFinding:
    return take("rabbit", {"rabbit": said}).words[0]


@pytest.mark.parametrize(
    ("said", "heard", "stress"),
    [
        ("es_rr AE B AH T", "es_rr AE B AH T", "10"),
        ("R AE B AH", "R AE B AH", "10"),  # a sound was left out
        ("R es_a B IY T", "R es_a B IY T", "10"),  # another vowel bears the same stress
        ("R AE B AH T EH", "R AE B AH T EH", "100"),  # one was added
    ],
)
def test_what_was_red_is_said_as_it_was_heard(said: str, heard: str, stress: str) -> None:
    finding = word(said)
    assert versions.differ(finding)
    assert versions.heard(finding, RABBIT) == of_phones(heard.split(), stress)
    assert versions.right(finding, RABBIT) == of_phones("R AE B AH T".split(), "10")


def test_stress_is_said_where_it_lay() -> None:
    right = word("R AE B AH T")
    assert not versions.differ(right)
    lay = StressFinding(expected=0, heard=1, verdict=Verdict.WRONG, p_wrong=0.9)
    moved = WordFinding(**{**vars(right), "stress": lay})
    assert versions.differ(moved)
    assert versions.heard(moved, RABBIT) == of_phones("R AE B AH T".split(), "01")


def test_a_word_that_was_not_heard_has_no_version() -> None:
    assert not versions.differ(silent("rabbit"))


@pytest.fixture
def said(learner: Person) -> Attempt:
    finding = take("I see a rabbit", {"rabbit": "es_rr AE B AH T"})
    return attempt(learner, finding, lessons.exercise("I see a rabbit"))


def test_both_are_offered_and_heard(learner: Person, said: Attempt) -> None:
    html = feedback.render(said)
    assert "Así suena tu versión" in html and "Así suena bien" in html
    sounds = []
    for version in ("dicho", "bien"):
        url = f"/tomas/{said.pk}/3/{version}/normal.ogg"
        assert f'data-play="{url}"' in html
        answer = learner.client.get(url)
        assert (answer.status_code, answer["Content-Type"]) == (200, "audio/ogg")
        assert "private" in answer["Cache-Control"] and "public" not in answer["Cache-Control"]
        sounds.append(answer.content)
    assert sounds[0] != sounds[1]
    assert html.count("Así suena tu versión") == 1


def test_nobody_else_hears_them(
    learner: Person, stranger: Person, client: Client, said: Attempt
) -> None:
    url = f"/tomas/{said.pk}/3/dicho/normal.mp3"
    assert stranger.client.get(url).status_code == client.get(url).status_code == 404
    for other in ("0/dicho", "9/dicho", "3/otro"):
        url = f"/tomas/{said.pk}/{other}/normal.mp3"
        assert learner.client.get(url).status_code == 404
