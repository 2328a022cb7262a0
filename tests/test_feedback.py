"""The fragment that page and push share: what a learner sees, hears and can tap."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from django.template.loader import get_template

from assessment import feedback
from assessment.errors import PLAIN
from assessment.models import Attempt
from learning.models import Exercise
from speech.findings import Verdict
from tests import lessons
from tests.people import Person
from tests.takes import attempt, silent, take

VOID = {"img", "br", "input", "hr"}


class Reader(HTMLParser):
    """Reads a fragment: elements with their attributes and text, and that every one is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[dict[str, str]] = []
        self.elements: list[dict[str, str]] = []
        self.feed(html)
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = {name: value or "" for name, value in attrs} | {"tag": tag, "text": ""}
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop()["tag"] == tag, tag

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element["text"] += data

    def of_class(self, name: str) -> list[dict[str, str]]:
        return [e for e in self.elements if name in e.get("class", "").split()]

    def with_attribute(self, name: str) -> list[dict[str, str]]:
        return [e for e in self.elements if name in e]


def squeezed(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def exercise(db: None) -> Exercise:
    return lessons.exercise("rabbit")


def test_every_sound_is_coloured_under_its_letters(learner: Person, exercise: Exercise) -> None:
    finding = take("rabbit", {"rabbit": "es_rr AE B AH T"})
    read = Reader(feedback.render(attempt(learner, finding, exercise)))
    sounds = read.of_class("sound")
    assert [(e["text"], e["data-verdict"], e["data-phone"]) for e in sounds] == [
        ("r✗", "wrong", "R"),
        ("a", "right", "AE"),
        ("bb", "right", "B"),
        ("i", "right", "AH"),
        ("t", "right", "T"),
    ]
    assert sounds[0]["class"].split() == ["sound", "wrong"]
    assert sounds[0]["data-said"] == "es_rr"


def test_the_verdict_is_told_in_words_too(learner: Person, exercise: Exercise) -> None:
    finding = take("rabbit", {"rabbit": "es_rr AE B AH"})
    read = Reader(feedback.render(attempt(learner, finding, exercise)))
    (hidden,) = [e for e in read.of_class("visually-hidden") if "rabbit" in e["text"]]
    assert squeezed(hidden["text"]) == (
        "rabbit: por mejorar. La r suave inglesa de «red»: por mejorar; la t de «two»: faltó."
    )
    (letters,) = read.of_class("letters")
    assert letters["aria-hidden"] == "true"


def test_every_verdict_has_a_word_and_a_mark() -> None:
    assert set(feedback.SAYS) == set(feedback.MARKS) == set(Verdict)
    assert len(set(feedback.MARKS.values())) == len(Verdict)


def test_an_added_sound_stands_before_the_letters(learner: Person, exercise: Exercise) -> None:
    finding = take("school", {"school": "es_e S K UW L"})
    read = Reader(feedback.render(attempt(learner, finding, exercise)))
    first = read.of_class("sound")[0]
    assert (first["text"], first["data-verdict"], first["data-phone"]) == ("e+", "extra", "")
    assert "Añadiste una e delante de la s." in squeezed(read.of_class("tips")[0]["text"])


def test_two_sounds_of_one_letter_are_one_piece(learner: Person, exercise: Exercise) -> None:
    finding = take("six", {"six": "S IH K"})
    read = Reader(feedback.render(attempt(learner, finding, exercise)))
    last = read.of_class("sound")[-1]
    assert (last["text"], last["data-phone"], last["data-verdict"]) == ("x∅", "K S", "missing")


def test_the_text_is_shown_as_it_was_asked(learner: Person, exercise: Exercise) -> None:
    read = Reader(feedback.render(attempt(learner, take("Thank you, mother."), exercise)))
    assert [e["text"] for e in read.of_class("letters")] == ["Thank", "you,", "mother."]


def test_a_tip_says_what_was_heard_and_what_to_do(learner: Person, exercise: Exercise) -> None:
    finding = take("rabbit", {"rabbit": "es_rr AE B AH T"})
    read = Reader(feedback.render(attempt(learner, finding, exercise)))
    (tip,) = read.of_class("tip")
    text = squeezed(tip["text"])
    assert "Dijiste la rr española, la de «perro»." in text
    assert "La lengua no vibra ni toca el paladar." in text
    (mouth,) = read.of_class("tip-mouth")
    assert mouth["src"].endswith("articulation/r.svg")
    assert mouth["alt"] == "Boca vista de lado al decir la r suave inglesa de «red»"
    pair = [e["data-play"] for e in read.of_class("tip-example")]
    assert pair == ["/voz/palabra/right/normal.mp3", "/voz/palabra/light/normal.mp3"]


def test_a_wrong_sound_leads_to_its_tip(learner: Person, exercise: Exercise) -> None:
    finding = take("red ship", {"red": "es_rr EH D", "ship": "SH IY P"})
    read = Reader(feedback.render(attempt(learner, finding, exercise)))
    places = [e["href"] for e in read.elements if e["tag"] == "a"]
    assert len(places) == 2
    assert {place[1:] for place in places} <= {e["id"] for e in read.with_attribute("id")}


def test_the_model_and_ones_own_voice_are_side_by_side(learner: Person, exercise: Exercise) -> None:
    read = Reader(feedback.render(attempt(learner, take("rabbit"), exercise)))
    voices = [e["data-play"] for e in read.with_attribute("data-play")]
    assert f"/voz/{exercise.pk}/normal.mp3" in voices
    assert f"/voz/{exercise.pk}/lenta.mp3" in voices
    assert read.with_attribute("data-own")
    assert "voz provisional" in squeezed(read.of_class("feedback-voices")[0]["text"])


def test_a_word_with_times_plays_ones_own_part(learner: Person, exercise: Exercise) -> None:
    finding = take("rabbit")
    phones = tuple(
        replace(p, start_s=0.1 * i, end_s=0.1 * i + 0.1)
        for i, p in enumerate(finding.words[0].phones)
    )
    finding = replace(finding, words=(replace(finding.words[0], phones=phones),))
    read = Reader(feedback.render(attempt(learner, finding, exercise)))
    cut = read.with_attribute("data-start")[0]
    assert (cut["data-start"], cut["data-end"]) == ("0.00", "0.50")


def test_syllables_are_shown_where_there_are_several(learner: Person, exercise: Exercise) -> None:
    finding = take("rabbit", {"rabbit": "R AE B AH D"})
    read = Reader(feedback.render(attempt(learner, finding, exercise)))
    assert [(e["text"], e["class"].split()[1]) for e in read.of_class("syllable")] == [
        ("ra", "right"),
        ("bbit", "wrong"),
    ]
    assert not Reader(feedback.render(attempt(learner, take("ship"), exercise))).of_class(
        "syllable"
    )


def test_another_accepted_pronunciation_is_said_to_count(
    learner: Person, exercise: Exercise
) -> None:
    finding = take("rabbit")
    other = replace(finding.words[0], variant="R AE B IH T")
    html = feedback.render(attempt(learner, replace(finding, words=(other,)), exercise))
    assert "se puede decir de varias formas, y la tuya vale" in html
    usual = feedback.render(attempt(learner, finding, exercise))
    assert "se puede decir de varias formas" not in usual


def test_all_right_is_said_plainly_and_without_tips(learner: Person, exercise: Exercise) -> None:
    read = Reader(feedback.render(attempt(learner, take("rabbit"), exercise)))
    root = read.elements[0]
    assert (root["data-state"], root["data-score"], root["data-outcome"]) == (
        "scored",
        "1.00",
        "all_right",
    )
    (says,) = read.with_attribute("data-summary-text")
    assert says["text"] == "¡Perfecto! Todos los sonidos salieron bien."
    assert not read.of_class("tip")


def test_a_word_left_out_is_shown_whole(learner: Person, exercise: Exercise) -> None:
    finding = take("the red van")
    words = (finding.words[0], silent("red"), finding.words[2])
    read = Reader(feedback.render(attempt(learner, replace(finding, words=words), exercise)))
    left_out = [e for e in read.of_class("sound") if e["data-verdict"] == "missing"]
    assert [e["text"] for e in left_out] == ["red∅"]
    assert "faltó la palabra" in read.elements[0]["text"]


def test_a_clipped_take_is_explained(learner: Person, exercise: Exercise) -> None:
    html = feedback.render(attempt(learner, take("rabbit", notes=("clipped", "odd")), exercise))
    assert "aléjate un poco del micrófono" in html
    assert "odd" not in html


def test_text_and_findings_cannot_smuggle_html(learner: Person, exercise: Exercise) -> None:
    evil = "<img src=x onerror=alert(1)>"
    finding = take("rabbit")
    phone = replace(finding.words[0].phones[0], letters=evil, letter_start=None, letter_end=None)
    word = replace(finding.words[0], word=evil, phones=(phone,), verdict=Verdict.WRONG)
    html = feedback.render(attempt(learner, replace(finding, text=evil, words=(word,)), exercise))
    assert "<img src=x" not in html
    assert "&lt;img" in html


def test_the_fragment_has_no_inline_script_or_style(learner: Person, exercise: Exercise) -> None:
    finding = take("school rabbit", {"school": "es_e S K UW L", "rabbit": "es_rr AE B AH D"})
    html = feedback.render(attempt(learner, finding, exercise))
    assert not re.search(r"<script|<style|\son\w+=|\sstyle=|javascript:", html)


def test_a_take_whose_exercise_is_gone_is_still_shown(learner: Person) -> None:
    read = Reader(feedback.render(attempt(learner, take("rabbit"), None)))
    assert read.of_class("word")
    assert not [
        e for e in read.with_attribute("data-play") if "/voz/palabra/" not in e["data-play"]
    ]


@pytest.mark.parametrize("code", sorted(PLAIN))
def test_a_failed_take_says_why_in_plain_words(learner: Person, code: str) -> None:
    state = Attempt.State.FAILED
    read = Reader(feedback.render(attempt(learner, None, state=state, error_code=code)))
    root = read.elements[0]
    assert (root["data-state"], root["data-code"]) == ("failed", code)
    assert PLAIN[code] in squeezed(root["text"])


def test_a_failure_of_an_unknown_kind_is_ours(learner: Person) -> None:
    state = Attempt.State.FAILED
    html = feedback.render(attempt(learner, None, state=state, error_code="segfault"))
    assert PLAIN["failed"] in html
    assert "segfault" not in html


def test_a_take_that_still_waits_says_so(learner: Person) -> None:
    read = Reader(feedback.render(attempt(learner)))
    assert read.elements[0]["data-state"] == "stored"
    assert "escuchando" in read.elements[0]["text"]


def test_every_word_of_the_first_course_can_be_shown(learner: Person, exercise: Exercise) -> None:
    text = "Two cats sleep on the bed."
    read = Reader(feedback.render(attempt(learner, take(text), exercise)))
    assert squeezed("".join(e["text"] + " " for e in read.of_class("letters"))) == text
    assert get_template("assessment/feedback.html")
