"""Is anybody speaking? Silero's voice activity model, run by onnxruntime without torch."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from speech import audio
from speech.errors import SpeechError

if TYPE_CHECKING:
    from numpy.typing import NDArray

RATE = 16_000
WINDOW = 512  # samples the model judges at once: 32 ms
CONTEXT = 64  # samples of the window before that it wants to see again
WINDOW_S = WINDOW / RATE
ON = 0.5  # speech begins above this probability...
OFF = 0.35  # ...and goes on until it falls below this one
MIN_SPEECH = 3  # windows: a shorter burst is a click, not a voice
MAX_WINDOWS = 512  # windows a call of the model, some 16 s: bounds its memory


class Event(StrEnum):
    """What has just become true of a take."""

    STARTED = "started"
    ENDED = "ended"


@cache
def _session() -> Any:
    """The model, loaded once a process (onnxruntime sessions may be shared by threads)."""
    import onnxruntime

    spec = find_spec("silero_vad")  # finds the package without running it: it imports torch
    if spec is None or spec.origin is None:
        raise SpeechError("bad_bundle", "the silero-vad package is not installed")
    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = 1
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    path = Path(spec.origin).parent / "data" / "silero_vad_16k_sequence.onnx"
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def warm() -> None:
    """Load the model now, so that the first learner does not wait for it."""
    _session()


class _Model:
    """The recurrent model and its state: windows of one stream in order."""

    def __init__(self) -> None:
        self._h = np.zeros((1, 1, 128), np.float32)
        self._c = np.zeros((1, 1, 128), np.float32)
        self._context = np.zeros(CONTEXT, np.float32)

    def __call__(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        """(N, 512) samples -> (N,) probabilities of speech."""
        contexts = np.concatenate([self._context[None], windows[:-1, -CONTEXT:]])  # (N, 64)
        self._context = windows[-1, -CONTEXT:].copy()
        probabilities, self._h, self._c = _session().run(
            None, {"input": np.hstack([contexts, windows]), "h": self._h, "c": self._c}
        )
        return probabilities


class SpeechDetector:
    """Follows one take as it arrives; tells when speech has started and when it has ended."""

    def __init__(self, silence_s: float = 0.8, least_s: float = 0.0) -> None:
        """Speech ends after `silence_s`; after twice that while less than `least_s` was said."""
        self._model = _Model()
        self._rest = np.zeros(0, np.float32)
        self._silence = max(1, round(silence_s / WINDOW_S))
        self._least = round(least_s / WINDOW_S)
        self._speaking = False
        self._run = 0  # windows in a row that disagree with _speaking
        self._windows = 0  # windows of speech heard

    @property
    def speech_s(self) -> float:
        """Seconds of speech heard so far."""
        return self._windows * WINDOW_S

    def feed(self, pcm: bytes) -> list[Event]:
        """Take the next PCM16 samples (little-endian mono, 16 kHz); say what changed."""
        samples = np.concatenate([self._rest, audio.from_pcm16(pcm)])
        whole = len(samples) // WINDOW * WINDOW
        self._rest = samples[whole:]
        if not whole:
            return []
        return [
            event
            for probability in self._model(samples[:whole].reshape(-1, WINDOW))
            if (event := self._step(float(probability))) is not None
        ]

    def _step(self, probability: float) -> Event | None:
        if self._speaking:
            self._windows += 1
            self._run = self._run + 1 if probability < OFF else 0
            patience = 1 if self._windows - self._run >= self._least else 2
            if self._run >= self._silence * patience:
                self._windows -= self._run
                self._speaking, self._run = False, 0
                return Event.ENDED
        else:
            self._run = self._run + 1 if probability > ON else 0
            if self._run >= MIN_SPEECH:
                self._windows += self._run
                self._speaking, self._run = True, 0
                return Event.STARTED
        return None


def speech_spans(
    samples: NDArray[np.float32], min_silence_s: float = 0.25
) -> list[tuple[float, float]]:
    """Seconds (start, end) of each stretch of speech in (T,) samples at 16 kHz."""
    model = _Model()
    padded = np.pad(samples, (0, -len(samples) % WINDOW)).reshape(-1, WINDOW)
    spans: list[list[int]] = []  # [first window, window after the last]
    speaking = False
    for first in range(0, len(padded), MAX_WINDOWS):
        for index, probability in enumerate(model(padded[first : first + MAX_WINDOWS]), first):
            if probability > (OFF if speaking else ON):
                if speaking:
                    spans[-1][1] = index + 1
                elif spans and (index - spans[-1][1]) * WINDOW_S < min_silence_s:
                    spans[-1][1] = index + 1
                else:
                    spans.append([index, index + 1])
                speaking = True
            else:
                speaking = False
    duration = len(samples) / RATE
    return [
        (start * WINDOW_S, min(end * WINDOW_S, duration))
        for start, end in spans
        if end - start >= MIN_SPEECH
    ]
