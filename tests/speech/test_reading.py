"""What a take has beyond or beside its text, in speech that is made here."""

import numpy as np
import pytest

from speech import criterion
from speech.engine import Engine
from speech.errors import PLAIN, SpeechError
from speech.findings import TakeFinding, Verdict
from speech.judge import completeness, outcomes
from tests.speech.sounds import Samples, laughter, level, music, pause, said

TEXT = "the children play in the garden"


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.load()


def found(engine: Engine, samples: Samples, text: str = TEXT) -> TakeFinding:
    return engine.score(samples, criterion.build(text))


def repeats(finding: TakeFinding) -> list[int]:
    return [word.repeats for word in finding.words]


def has_red(finding: TakeFinding) -> bool:
    return any(p.verdict.is_red for word in finding.words for p in word.phones)


@pytest.mark.parametrize("voice", ["f2", "m3"])
def test_a_text_read_once_has_nothing_too_much(engine: Engine, voice: str) -> None:
    finding = found(engine, said(TEXT, variant=voice))
    assert repeats(finding) == [0] * 6
    assert finding.added == ()
    assert finding.notes == ()


@pytest.mark.parametrize(
    ("spoken", "expected"),
    [
        ("the children play, play in the garden", [0, 0, 1, 0, 0, 0]),
        ("the children, the children play in the garden", [1, 1, 0, 0, 0, 0]),
        ("the children play in the garden, garden", [0, 0, 0, 0, 0, 1]),
        ("the children, children, children play in the garden", [0, 2, 0, 0, 0, 0]),
    ],
)
def test_words_said_again_are_counted(engine: Engine, spoken: str, expected: list[int]) -> None:
    finding = found(engine, said(spoken))
    assert repeats(finding) == expected
    assert finding.added == ()


@pytest.mark.parametrize(
    ("spoken", "after"),
    [
        ("the children always play in the garden", 1),
        ("the children play quietly in the garden", 2),
        ("maybe the children play in the garden", -1),
        ("the children play in the garden tomorrow", 5),
    ],
)
def test_a_word_that_the_text_lacks_is_found_where_it_is(
    engine: Engine, spoken: str, after: int
) -> None:
    finding = found(engine, said(spoken))
    assert [each.after for each in finding.added] == [after]
    assert len(finding.added[0].phones) >= 3
    assert repeats(finding) == [0] * 6


def test_a_final_s_that_was_not_said_is_told_from_one_that_was(engine: Engine) -> None:
    words = [w.pronunciations[0] for w in criterion.build("the books on the table").words]
    last = sum(map(len, words[:2])) - 1
    without, with_s = (
        completeness.dropped(engine.judge(engine.hear(said(text)), words).evidence, last)
        for text in ("the book on the table", "the books on the table")
    )
    assert without >= completeness.DROPPED > 0 > with_s


def test_a_take_too_short_for_its_text_has_nothing_too_much(engine: Engine) -> None:
    hearing = engine.hear(np.full(4800, 0.1, np.float32))
    words = [["R", "AE", "B", "AH", "T"]]
    assert completeness.beyond(hearing.log_probs, hearing.heard, words) == ([0], ())


def test_pauses_lie_between_the_words_and_not_at_the_ends(engine: Engine) -> None:
    halves = said("the children play"), said("in the garden")
    samples = np.concatenate([pause(1.0), halves[0], pause(0.8), halves[1], pause(1.0)])
    flow = found(engine, samples).fluency
    assert flow is not None
    (only,) = flow.pauses
    assert only.after == 2
    start = 1.0 + len(halves[0]) / 16_000
    assert abs(only.start_s - start) < 0.35 and abs(only.end_s - start - 0.8) < 0.35
    assert 0.7 < only.end_s - only.start_s < 1.4  # espeak-ng fades out


def test_halting_speech_is_less_fluent_than_flowing_speech(engine: Engine) -> None:
    flowing = found(engine, said(TEXT)).fluency
    slow = found(engine, said(TEXT, rate_wpm=90)).fluency
    pieces = [piece for word in TEXT.split() for piece in (said(word), pause(0.5))]
    halting = found(engine, np.concatenate(pieces)).fluency
    assert flowing and slow and halting
    assert not flowing.pauses and len(halting.pauses) >= 3
    assert flowing.rate > slow.rate
    assert halting.score < slow.score < flowing.score
    assert all(0 <= each.score <= 1 for each in (flowing, slow, halting))


def test_two_words_are_no_sentence(engine: Engine) -> None:
    assert found(engine, said("the garden"), "the garden").fluency is None


@pytest.mark.parametrize("voice", ["f2", "m3"])
@pytest.mark.parametrize(
    ("spoken", "text"),
    [
        ("my mother works at the hospital", TEXT),
        (TEXT, "she has three brothers and a sister"),
        ("window", "rabbit"),
        ("yellow", "book"),
    ],
)
def test_another_text_is_named_and_has_no_red(
    engine: Engine, spoken: str, text: str, voice: str
) -> None:
    finding = found(engine, said(spoken, variant=voice), text)
    assert finding.notes == ("other_text",)
    assert not has_red(finding)
    assert {p.verdict for word in finding.words for p in word.phones} == {Verdict.UNSURE}
    assert finding.added == () and finding.fluency is None


@pytest.mark.parametrize("word", ["rabbit", "window", "book", "school", "three"])
def test_a_word_that_was_read_is_no_other_text(engine: Engine, word: str) -> None:
    assert "other_text" not in found(engine, said(word), word).notes


@pytest.mark.parametrize("read", ["the children play", "play in the garden"])
def test_half_a_text_is_no_other_text(engine: Engine, read: str) -> None:
    assert "other_text" not in found(engine, said(read)).notes


@pytest.mark.parametrize("word", ["rabbit", "elephant", "table"])
def test_a_word_read_as_in_spanish_is_still_that_word(engine: Engine, word: str) -> None:
    finding = found(engine, said(word, "es"), word)
    assert not {"other_text", "other_language"} & set(finding.notes)


@pytest.mark.parametrize("seed", range(3))
def test_music_is_no_speech(engine: Engine, seed: int) -> None:
    finding = found(engine, music(seed=seed))
    assert finding.notes == ("not_speech",)
    assert not has_red(finding)


@pytest.mark.parametrize("seed", range(3))
def test_laughter_is_no_reading(engine: Engine, seed: int) -> None:
    finding = found(engine, laughter(seed))
    assert finding.notes == ("not_speech",)
    assert not has_red(finding)


def test_speech_over_soft_music_is_still_speech(engine: Engine) -> None:
    voice = said(TEXT)
    both = voice + 0.1 * np.resize(music(), len(voice))
    assert not {"not_speech", "other_text"} & set(found(engine, both).notes)


def test_spanish_is_another_language(engine: Engine) -> None:
    finding = found(engine, said("mi madre trabaja en el hospital", "es"))
    assert finding.notes == ("other_language",)
    assert not has_red(finding)


@pytest.mark.parametrize("language", ["es", "es-419"])
def test_a_switch_to_spanish_blames_no_word_that_was_not_tried(
    engine: Engine, language: str
) -> None:
    samples = np.concatenate([said("the children play"), said("con los perros rojos", language)])
    finding = found(engine, level(samples))
    assert "language_switch" in finding.notes
    assert not any(word.verdict.is_red for word in finding.words[3:])
    assert any(word.verdict is not Verdict.UNSURE for word in finding.words[:3])


def test_two_voices_at_once_are_noted(engine: Engine) -> None:
    texts = ("my mother works at the hospital", "she has three brothers and a sister")
    told = []
    for text in texts:
        one, other = said(TEXT, variant="f2"), said(text, variant="m3", pitch=20)
        both = level(one + np.resize(other, len(one)))
        told.append(set(found(engine, both).notes) & {"two_voices", "other_text"})
    assert all(told)


def test_phones_that_the_inventory_lacks_have_a_name(engine: Engine) -> None:
    with pytest.raises(SpeechError) as lacking:
        engine.judge(engine.hear(said(TEXT)), [["K", "QX", "T"]])
    assert lacking.value.code == "bad_phone" and lacking.value.plain == PLAIN["bad_phone"]
    with pytest.raises(SpeechError, match="bad_phone"):
        criterion.build("cat", {"cat": ["K QX T"]})


def test_what_is_withheld_keeps_its_letters_and_times(engine: Engine) -> None:
    words = found(engine, said(TEXT)).words
    kept = outcomes.withhold(words, frozenset({1}))
    assert kept[0] == words[0]
    assert kept[1].verdict is Verdict.UNSURE
    assert [p.letters for p in kept[1].phones] == [p.letters for p in words[1].phones]
    assert [p.start_s for p in kept[1].phones] == [p.start_s for p in words[1].phones]
