"""The fragment that page and push share: what a learner sees, hears and can tap."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from django.template.loader import get_template

from assessment import feedback
from assessment.errors import PLAIN
from assessment.models import Attempt
from learning.models import Exercise
from speech import criterion
from speech.findings import AddedWords, Fluency, Pause, StressFinding, TakeFinding, Verdict
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
    assert pair == ["/voz/palabra/right/normal.ogg", "/voz/palabra/light/normal.ogg"]


def test_a_wrong_sound_leads_to_its_tip(learner: Person, exercise: Exercise) -> None:
    finding = take("red ship", {"red": "es_rr EH D", "ship": "SH IY P"})
    read = Reader(feedback.render(attempt(learner, finding, exercise)))
    places = [e["href"] for e in read.elements if e["tag"] == "a"]
    assert len(places) == 2
    assert {place[1:] for place in places} <= {e["id"] for e in read.with_attribute("id")}


def test_the_model_and_ones_own_voice_are_side_by_side(learner: Person, exercise: Exercise) -> None:
    read = Reader(feedback.render(attempt(learner, take("rabbit"), exercise)))
    voices = [e["data-play"] for e in read.with_attribute("data-play")]
    assert f"/voz/{exercise.pk}/normal.ogg" in voices
    assert f"/voz/{exercise.pk}/lenta.ogg" in voices
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


def changed(finding: TakeFinding, word: int = 0, **change: Any) -> TakeFinding:
    """The same take with one word changed."""
    words = list(finding.words)
    words[word] = replace(words[word], **change)
    return replace(finding, words=tuple(words))


def told_in(learner: Person, finding: TakeFinding, place: str) -> list[str]:
    """The text of every element of a class."""
    read = Reader(feedback.render(attempt(learner, finding)))
    return [squeezed(element["text"]) for element in read.of_class(place)]


@pytest.mark.parametrize(
    ("text", "variant", "says"),
    [
        (
            "either",
            "AY DH ER",
            "Lo dijiste ai-dher /ˈaɪðɚ/, y está bien. También se dice ii-dher /ˈiːðɚ/.",
        ),
        (
            "water",
            "W AO T AH",
            "Lo dijiste wo-ta /ˈwɔːtə/, a la británica, sin r, y está bien. "
            "También se dice wo-ter /ˈwɔːtɚ/.",
        ),
        (
            "water",
            "W AO D ER",
            "Lo dijiste wo-der /ˈwɔːdɚ/, a la americana, con la t floja, y está bien. "
            "También se dice wo-ter /ˈwɔːtɚ/.",
        ),
        (
            "cats and",
            "AH N",
            "Lo dijiste an /ən/, en su forma débil, la de dentro de una frase, y está bien. "
            "También se dice and /ənd/.",
        ),
    ],
)
def test_another_accepted_way_and_the_usual_one_are_named(
    learner: Person, text: str, variant: str, says: str
) -> None:
    finding = take(text)
    last = len(finding.words) - 1
    assert told_in(learner, changed(finding, last, variant=variant), "other-way") == [says]
    assert told_in(learner, finding, "other-way") == []


def test_a_way_that_only_an_author_accepts_is_named_too(learner: Person) -> None:
    finding = changed(take("rabbit"), variant="R AE B UW T")
    own = {"rabbit": ["R AE1 B AH0 T", "R AE B UW T"]}
    asked = criterion.build("rabbit", accepted=own).to_json()
    html = feedback.render(attempt(learner, finding, criterion=asked))
    assert "/ˈɹæbuːt/" in html and "/ˈɹæbət/" in html
    for word in asked["words"]:
        del word["stress"]  # as older criteria were
    assert "/ɹæbuːt/" in feedback.render(attempt(learner, finding, criterion=asked))


def test_a_word_that_went_wrong_is_not_told_of_other_ways(learner: Person) -> None:
    finding = changed(take("rabbit", {"rabbit": "es_rr AE B IH T"}), variant="R AE B IH T")
    assert told_in(learner, finding, "other-way") == []


def stressed(text: str, expected: int, heard: int, verdict: Verdict) -> TakeFinding:
    stress = StressFinding(expected, heard, verdict, 0.8)
    return changed(take(text), stress=stress)


@pytest.mark.parametrize(
    ("text", "expected", "heard", "verdict", "says"),
    [
        ("zebra", 0, 0, Verdict.RIGHT, "✓ La fuerza va en ZE, y ahí sonó. ¡Bien!"),
        ("zebra", 0, 1, Verdict.WRONG, "✗ La fuerza va en ZE, no en BRA."),
        (
            "zebra",
            0,
            1,
            Verdict.UNSURE,
            "? La fuerza va en ZE. No estamos seguros de haberla oído ahí.",
        ),
        (
            "banana",
            1,
            2,
            Verdict.WRONG,
            "✗ La fuerza va en NA (la 2.ª sílaba), no en NA (la 3.ª sílaba).",
        ),
    ],
)
def test_where_the_stress_lay_is_said(
    learner: Person, text: str, expected: int, heard: int, verdict: Verdict, says: str
) -> None:
    finding = stressed(text, expected, heard, verdict)
    assert told_in(learner, finding, "stress-says") == [says]


def test_the_stressed_syllable_stands_out_and_the_wrong_place_is_marked(learner: Person) -> None:
    finding = stressed("zebra", 0, 1, Verdict.WRONG)
    assert told_in(learner, finding, "stressed") == ["ze"]
    assert told_in(learner, finding, "took-stress") == ["bra"]
    assert [text for text in told_in(learner, finding, "sound") if "´" in text] == ["´e"]
    html = feedback.render(attempt(learner, finding))
    assert "zebra</span>: bien. La fuerza va en ZE, no en BRA.</span>" in html
    assert "Di esa sílaba más larga y más fuerte" in html


@pytest.mark.parametrize("verdict", [Verdict.RIGHT, Verdict.UNSURE])
def test_stress_that_is_not_wrong_is_marked_nowhere_in_red(
    learner: Person, verdict: Verdict
) -> None:
    finding = stressed("zebra", 0, 1, verdict)
    assert told_in(learner, finding, "stressed") == ["ze"]
    assert told_in(learner, finding, "took-stress") == []
    read = Reader(feedback.render(attempt(learner, finding)))
    assert not read.of_class("accent")
    assert [e["data-verdict"] for e in read.of_class("tip")] == [verdict.value] * (
        verdict is Verdict.UNSURE
    )
    assert len(read.of_class("tip-soft")) == len(read.of_class("tip"))


@pytest.mark.parametrize(("expected", "heard"), [(0, 5), (-1, 0)])
def test_stress_outside_the_word_is_left_out(learner: Person, expected: int, heard: int) -> None:
    finding = stressed("zebra", expected, heard, Verdict.WRONG)
    assert told_in(learner, finding, "stress-says") == []
    assert told_in(learner, stressed("red", 0, 0, Verdict.WRONG), "stress-says") == []


def test_what_was_said_too_often_is_told(learner: Person) -> None:
    finding = changed(take("the red cat"), 0, repeats=1)
    finding = changed(finding, 1, repeats=2)
    assert told_in(learner, finding, "feedback-note") == [
        "Dijiste «the» dos veces.",
        "Dijiste «red» tres veces.",
    ]
    added = (AddedWords(2, ("EH", "N")), AddedWords(-1, ("AH",)), AddedWords(7, ("AH",)))
    finding = replace(take("the red cat", notes=("clipped",)), added=added)
    assert told_in(learner, finding, "feedback-note")[1:] == [
        "Sobró algo después de «cat».",
        "Sobró algo antes de «the».",
    ]


@pytest.mark.parametrize(
    ("rate", "pauses", "score", "animal", "says"),
    [
        (3.0, (), 0.9, "🦜", "Llevas buen ritmo, como la cotorra. ¡Qué bien suena seguido!"),
        (1.5, (), 0.5, "🐢", "Vas con calma, como la tortuga. Cuando te salga bien,"),
        (7.0, (), 0.5, "🐇", "Vas muy deprisa, como la liebre. Un poco más despacio"),
        (
            3.0,
            (Pause(0, 0.5, 0.9), Pause(1, 1.2, 2.4), Pause(2, 3.0, 9.0)),
            0.5,
            "🦜",
            "Prueba a decir «red cat» sin parar en medio.",
        ),
    ],
)
def test_the_flow_of_a_sentence_is_a_picture(
    learner: Person, rate: float, pauses: tuple[Pause, ...], score: float, animal: str, says: str
) -> None:
    finding = replace(take("the red cat"), fluency=Fluency(rate, pauses, score))
    read = Reader(feedback.render(attempt(learner, finding)))
    assert [e["text"] for e in read.with_attribute("data-here")] == [animal]
    assert says in squeezed(read.of_class("flow-says")[0]["text"])
    gaps = [e["data-length"] for e in read.of_class("flow-pause")]
    assert gaps == ["short", "long"][: len(pauses)]  # the one after the last word is none
    if pauses:
        words = squeezed(read.of_class("flow-words")[0]["text"])
        assert words == "the (pausa) red (pausa) cat"


def test_a_word_alone_has_no_flow_and_another_text_neither(learner: Person) -> None:
    fluency = Fluency(3.0, (), 0.9)
    assert told_in(learner, replace(take("rabbit"), fluency=fluency), "flow") == []
    other = replace(take("the red cat", notes=("other_text",)), fluency=fluency)
    assert told_in(learner, changed(other, repeats=1), "flow") == []
    assert told_in(learner, changed(other, repeats=1), "feedback-note") == []


def test_an_answer_of_an_older_engine_is_shown_as_before(learner: Person) -> None:
    old = take("the zebra").to_json()
    del old["added"], old["fluency"]
    for word in old["words"]:
        del word["stress"], word["repeats"]
    html = feedback.render(attempt(learner, take("the zebra"), findings=old))
    read = Reader(html)
    assert [e["text"] for e in read.of_class("syllable")] == ["ze", "bra"]
    assert not read.of_class("stress-says") and not read.of_class("flow")


def test_a_doubt_is_grey_dotted_and_softly_hinted_at(learner: Person) -> None:
    finding = take("red van", {"red": "es_rr EH D"})
    phones = list(finding.words[1].phones)
    phones[0] = replace(phones[0], verdict=Verdict.UNSURE)
    finding = changed(finding, 1, phones=tuple(phones), verdict=Verdict.UNSURE)
    read = Reader(feedback.render(attempt(learner, finding)))
    (piece,) = [e for e in read.of_class("sound") if e["data-verdict"] == "unsure"]
    assert piece["text"] == "v?"
    (row,) = [e for e in read.of_class("sound-row") if "unsure" in e["class"].split()]
    assert "no estamos seguros" in row["text"]
    assert "Escucha cómo suena y compáralo con lo tuyo." in row["text"]
    assert not read.of_class("tip-soft")  # what is red comes first


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
