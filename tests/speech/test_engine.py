"""The shipped bundle hears and judges real speech, whatever it is given."""

import subprocess
import sys

import numpy as np
import pytest

from speech import audio, criterion, espeak
from speech.engine import Engine
from speech.errors import SpeechError
from speech.findings import TakeFinding, Verdict
from speech.thresholds import DEFAULT
from tests.voices import Voice, learners, synthesised


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.load()


def samples(voice: Voice) -> np.ndarray:
    return np.frombuffer(voice.pcm, "<i2").astype(np.float32) / 32768


def score(engine: Engine, voice: Voice, text: str | None = None) -> TakeFinding:
    return engine.score(samples(voice), criterion.build(text or voice.text))


def test_every_sound_of_a_take_is_tied_to_letters_syllable_and_time(engine: Engine) -> None:
    found = score(engine, learners(5)[0])
    assert [w.word for w in found.words] == found.text.split()
    last = 0.0
    for word in found.words:
        letters = "".join(p.letters for p in word.phones if p.phone)
        assert len(letters) >= len(word.word) - 1
        assert "".join(s.text for s in word.syllables) == word.word
        for phone in word.phones:
            assert 0 <= phone.score <= 1 and 0 <= phone.p_wrong <= 1
            assert phone.syllable is not None
            assert phone.start_s is not None and phone.end_s is not None
            assert last - 0.2 <= phone.start_s < phone.end_s <= found.duration_s + 0.1
            last = phone.start_s


def test_the_text_that_was_read_scores_above_another_text(engine: Engine) -> None:
    voices = learners(12)
    read = [score(engine, v).accuracy for v in voices]
    other = [
        score(engine, v, voices[(n + 5) % len(voices)].text).accuracy for n, v in enumerate(voices)
    ]
    assert np.mean(read) > np.mean(other) + 0.2


def test_a_left_out_last_word_is_red(engine: Engine) -> None:
    voice = synthesised("we like the red")
    found = score(engine, voice, "we like the red elephant")
    assert found.words[-1].verdict.is_red
    assert not any(w.verdict.is_red for w in found.words[:3])


def test_the_accepted_pronunciation_that_was_said_counts(engine: Engine) -> None:
    for phones in ("T AH M EY T OW", "T AH M AA T OW"):
        said = espeak.spell(phones.split(), "010", "en-us")
        sound, rate = espeak.synthesise(f"a {said}", "en-us")
        take = Voice("a tomato", (audio.resample(sound, rate) * 26_000).astype("<i2").tobytes())
        chosen = score(engine, take).words[1].variant  # espeak-ng may tap the second t
        assert chosen.replace("D", "T") == phones


def test_the_same_take_is_judged_the_same_twice(engine: Engine) -> None:
    voice = learners(5)[1]
    assert score(engine, voice) == score(engine, voice)


@pytest.mark.parametrize("seconds", [0.02, 0.2])
def test_a_take_far_too_short_for_its_text_still_has_a_verdict_a_sound(
    engine: Engine, seconds: float
) -> None:
    hearing = engine.hear(np.full(round(16_000 * seconds), 0.1, np.float32))
    judged = engine.judge(hearing, [["R", "AE", "B", "AH", "T"]] * 6)
    assert len(judged.judgement.p_wrong) == 30
    assert bool(judged.judgement.p_wrong.isfinite().all())


def test_a_passed_deadline_is_worth_another_try(engine: Engine) -> None:
    voice = learners(5)[0]
    with pytest.raises(SpeechError) as late:
        engine.score(samples(voice), criterion.build(voice.text), deadline_s=0.0)
    assert late.value.code == "deadline" and not late.value.permanent


def test_a_gentler_teacher_marks_no_more_than_a_stricter_one(engine: Engine) -> None:
    def red(strictness: str) -> int:
        total = 0
        for voice in learners(12):
            wanted = criterion.build(voice.text, strictness=strictness)
            words = engine.score(samples(voice), wanted).words
            total += sum(
                p.verdict in (Verdict.WRONG, Verdict.MISSING) for w in words for p in w.phones
            )
        return total

    assert red("gentle") <= red("normal") <= red("strict")


def test_the_bundle_is_small_and_loads_without_the_recipes() -> None:
    assert sum(f.stat().st_size for f in DEFAULT.iterdir()) <= 15e6
    code = (
        "import sys; from speech.engine import Engine; Engine.load();"
        " sys.exit(any(name.startswith('speech.recipes') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
