"""What a learner is told of a take that is something else than its text."""

from dataclasses import replace

import pytest

from assessment.diagnosis import Outcome, diagnose, score_of, sounds_of, take_of
from assessment.feedback import NOTES
from learning import progress
from speech.findings import TakeFinding, Verdict
from speech.judge import outcomes
from tests.takes import take

TEXT = "the red van"


def odd(code: str, untold: int) -> TakeFinding:
    """A take as the engine leaves it: no verdict on its last `untold` words."""
    said = take(TEXT, {"red": "es_rr EH D", "van": "B AE N"}, notes=(code,))
    words = outcomes.withhold(said.words, frozenset(range(3 - untold, 3)))
    return take_of(replace(said, words=tuple(words)).to_json())


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("other_text", "Parece que leíste otra cosa."),
        ("other_language", "Parece que hablaste en español."),
        ("not_speech", "No hemos oído a nadie leer"),
    ],
)
def test_a_take_that_is_not_its_text_is_told_so_and_nothing_else(code: str, says: str) -> None:
    found = diagnose(odd(code, 3))
    assert found.outcome == code and found.outcome.untold
    assert found.says.startswith(says)
    assert found.advice == () and found.praise == ""
    assert score_of(odd(code, 3)) < progress.GOOD
    assert list(sounds_of(odd(code, 3))) == []


def test_a_switch_to_spanish_is_told_with_the_red_of_the_english_part() -> None:
    found = diagnose(odd("language_switch", 1))
    assert found.outcome is Outcome.LANGUAGE_SWITCH
    assert found.says == "Una parte sonó en español. Lee todo el texto en inglés."
    assert [advice.place.text for advice in found.advice] == ["red"]
    assert score_of(odd("language_switch", 1)) < progress.GOOD


def test_nothing_is_hinted_of_words_that_were_said_in_spanish() -> None:
    assert diagnose(odd("language_switch", 2)).advice == ()


def test_two_voices_are_a_note_beside_the_verdicts() -> None:
    found = diagnose(odd("two_voices", 0))
    assert found.outcome is Outcome.SOME_WRONG and found.advice
    assert "una sola voz" in NOTES["two_voices"]


def test_what_nothing_can_be_told_of_is_neither_right_nor_red() -> None:
    words = odd("other_text", 3).words
    assert {word.verdict for word in words} == {Verdict.UNSURE}
    assert {phone.verdict for word in words for phone in word.phones} == {Verdict.UNSURE}
    assert {part.verdict for word in words for part in word.syllables} == {Verdict.UNSURE}
