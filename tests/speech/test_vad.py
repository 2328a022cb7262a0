"""Hearing when somebody speaks and when they have finished."""

import subprocess
import sys
import time

import numpy as np
import pytest

from speech import vad
from speech.vad import Event, SpeechDetector
from tests.voices import frames, hiss, silence, synthesised, voice


def events(pcm: bytes, detector: SpeechDetector | None = None) -> list[Event]:
    detector = detector or SpeechDetector()
    return [event for frame in frames(pcm) for event in detector.feed(frame[4:])]


def samples(pcm: bytes) -> np.ndarray:
    return np.frombuffer(pcm, "<i2").astype(np.float32) / 32768


def test_a_learner_is_heard_to_start_and_to_end() -> None:
    detector = SpeechDetector(1.2)
    assert events(voice().pcm + silence(1.5), detector) == [Event.STARTED, Event.ENDED]
    assert 0.3 < detector.speech_s < voice().seconds


def test_nobody_speaks_in_silence_or_noise() -> None:
    assert events(silence(3)) == []
    assert events(hiss(3)) == []


def test_the_end_comes_as_long_after_the_voice_as_asked() -> None:
    said = synthesised("rabbit").pcm
    for wait_s in (0.8, 1.2):
        detector = SpeechDetector(wait_s)
        heard = 0
        for frame in frames(silence(0.5) + said + silence(3)):
            heard += len(frame) - 4
            if Event.ENDED in detector.feed(frame[4:]):
                break
        end_s = vad.speech_spans(samples(silence(0.5) + said))[-1][1]
        assert heard / 32_000 - end_s == pytest.approx(wait_s, abs=0.25)


def test_a_pause_inside_a_sentence_does_not_end_it() -> None:
    said = synthesised("I see").pcm + silence(0.8) + synthesised("a rabbit").pcm
    assert events(said, SpeechDetector(1.2)) == [Event.STARTED]


def test_patience_is_doubled_while_little_was_said() -> None:
    first = synthesised("I").pcm + silence(1.2)
    assert events(first, SpeechDetector(0.8)) == [Event.STARTED, Event.ENDED]
    assert events(first, SpeechDetector(0.8, least_s=2.0)) == [Event.STARTED]


def test_pieces_of_any_size_are_heard_alike() -> None:
    pcm = voice().pcm + silence(1)
    whole, odd = SpeechDetector(), SpeechDetector()
    heard = whole.feed(pcm)
    assert heard == [
        event for at in range(0, len(pcm), 514) for event in odd.feed(pcm[at : at + 514])
    ]
    assert whole.speech_s == odd.speech_s


def test_spans_hold_the_voice_and_leave_out_the_silence() -> None:
    pcm = silence(1) + synthesised("rabbit").pcm + silence(1) + synthesised("bear").pcm
    spans = vad.speech_spans(samples(pcm))
    assert len(spans) == 2
    assert spans[0][0] == pytest.approx(1.0, abs=0.2)
    assert spans[1][0] - spans[0][1] > 0.7
    assert vad.speech_spans(samples(silence(2))) == []
    assert vad.speech_spans(np.zeros(0, np.float32)) == []


def test_a_frame_costs_less_than_a_millisecond() -> None:
    vad.warm()
    detector = SpeechDetector()
    pieces = frames(voice().pcm)
    best = min(timed(detector, pieces) for _ in range(5))
    assert best < 0.001


def timed(detector: SpeechDetector, pieces: list[bytes]) -> float:
    """Seconds a frame."""
    started = time.perf_counter()
    for piece in pieces:
        detector.feed(piece[4:])
    return (time.perf_counter() - started) / len(pieces)


def test_torch_stays_out_of_it() -> None:
    code = (
        "import sys; from speech.vad import SpeechDetector; SpeechDetector().feed(bytes(6400));"
        "assert 'torch' not in sys.modules and 'silero_vad' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
