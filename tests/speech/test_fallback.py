"""espeak-ng as the voice that is always there: whole texts, sentence by sentence, words in time."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speech.errors import SpeechError
from speech.narrator import fallback
from speech.narrator.spoken import STYLES, Spoken

STORY = 'Ana has a red kite. "Look, Leo!" she says. It’s an ice-cream, 25 of them — and a niño.'


def speak(text: str, style: str = "neutral", rate: float = 1.0) -> list[Spoken]:
    return list(fallback.speak(text, style, rate))


def seconds(text: str, style: str = "neutral", rate: float = 1.0) -> float:
    return sum(each.seconds for each in speak(text, style, rate))


def test_a_text_is_said_sentence_by_sentence_and_marked() -> None:
    said = speak(STORY)
    texts = [STORY[each.words[0].at : each.words[-1].to] for each in said]
    assert texts == [
        "Ana has a red kite",
        'Look, Leo!" she says',
        "It’s an ice-cream, 25 of them — and a niño",
    ]
    assert {(each.voice, each.style, each.sample_rate) for each in said} == {
        ("espeak-ng", "neutral", 22_050)
    }


def test_every_word_stands_where_it_is_written_and_is_heard_in_order() -> None:
    for each in speak(STORY):
        assert all(STORY[word.at : word.to] == word.word for word in each.words)
        starts = [word.start_s for word in each.words]
        assert starts == sorted(starts)
        assert all(0 <= w.start_s < w.end_s <= each.seconds for w in each.words)


def test_a_word_is_over_before_the_pause_after_it() -> None:
    (said,) = speak("Yes, no.")
    yes, no = said.words
    rate, start = said.sample_rate, round(yes.end_s * said.sample_rate)
    assert no.start_s - yes.end_s > 0.02
    pause = said.samples[start : round(no.start_s * rate)]
    assert np.abs(pause).max() <= fallback.QUIET


def test_words_are_found_where_the_voice_is_loud() -> None:
    """The events, against the sound: a dash leaves silence before each of these words."""
    (said,) = speak("one — two — three", rate=0.6)
    for before, word in zip(said.words, said.words[1:], strict=False):
        start, rate = word.start_s, said.sample_rate
        quiet = said.samples[round((before.end_s + 0.02) * rate) : round((start - 0.02) * rate)]
        loud = said.samples[round(start * rate) : round((start + 0.2) * rate)]
        assert np.abs(quiet).max() < 0.1 * np.abs(loud).max()


def test_it_is_slower_when_asked_and_a_story_takes_its_time() -> None:
    assert seconds(STORY, rate=0.66) > 1.2 * seconds(STORY)
    assert seconds(STORY, "storytelling") > 1.03 * seconds(STORY)


def test_another_style_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="no style"):
        speak("hello", "sung")


@pytest.mark.parametrize("text", ["", "   ", "…?!", "\x00\x07", "—", "***"])
def test_where_there_is_no_word_nothing_is_said(text: str) -> None:
    with pytest.raises(SpeechError) as error:
        speak(text)
    assert error.value.code == "empty_text"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ALL CAPS HERE", 3),
        ("Hola, abuela, ¿qué tal?", 4),
        ("http://x.y/z <b>hi</b>", 7),
        ("[[h@l'oU]] hi", 3),
        ("a" * 200, 1),
        ("hi 😀 there!", 3),
        ("Good night. 👨\u200d👩\u200d👧 ❤️", 4),
    ],
)
def test_odd_texts_are_said_whole(text: str, words: int) -> None:
    assert sum(len(each.words) for each in speak(text)) == words


def test_a_sentence_of_signs_is_heard() -> None:
    night, heart = speak("Good night. ❤️")
    assert [word.word for word in heart.words] == ["❤️"]
    assert np.abs(heart.samples).max() > 0.5 * np.abs(night.samples).max()


def test_a_text_too_long_is_refused() -> None:
    with pytest.raises(SpeechError, match="text_too_long: 50001 characters"):
        next(fallback.speak("a" * 50_001))


def test_a_long_text_begins_at_once() -> None:
    text = "The wind is strong today " * 2_000
    started = time.monotonic()
    first = next(fallback.speak(text))
    assert time.monotonic() - started < 2
    assert len(first.words) < 100


@settings(max_examples=60)
@given(st.text(max_size=60), st.sampled_from(STYLES))
def test_no_word_of_any_text_is_left_out(text: str, style: str) -> None:
    try:
        said = speak(text, style)
    except SpeechError as error:
        assert error.code == "empty_text"
        return
    found = [word for each in said for word in each.words]
    assert [w.word for w in found] == fallback._WORD.findall(text)
