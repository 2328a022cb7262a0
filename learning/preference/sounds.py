"""The readings of the study as sounds: alike in loudness, in rate, in the silence around them.

They are made all together by a job and are open to votes once the list of them is written, last.
Their names in the storage, their bytes and how many those are in a second name no condition.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from numpy.typing import NDArray

from learning.models import Trial
from learning.preference.passages import Passage, passages
from speech import audio, narrator
from speech.errors import SpeechError
from speech.narrator import fallback
from speech.narrator.spoken import Spoken, encoded, joined

if TYPE_CHECKING:
    from speech.narrator.voice import Narrator

Samples: TypeAlias = NDArray[np.float32]
Read: TypeAlias = Callable[[str, str], Spoken]  # text, condition

FOLDER = "estudio"
RATE = 22_050  # of all readings, whatever the voice works at
LUFS = -23.0  # ITU-R BS.1770-4; the level is that of EBU R 128
CEILING = 0.97
SILENT = 0.003  # of full scale: below, it is the silence around a reading
SILENCE_S = 0.15  # of it before and after every reading


class Sound(NamedTuple):
    name: str  # in the storage
    seconds: float


Sounds: TypeAlias = Mapping[tuple[str, str], Sound]  # by passage and condition


def version() -> str:
    """The version of our own voice; '' where there is none, and so nothing to compare."""
    return narrator.version(Path(settings.NARRATOR_BUNDLE))


def ready(voice: str) -> Sounds | None:
    """The readings by a version of the voice; None until all of them are made."""
    try:
        with default_storage.open(_list(voice)) as file:
            told = json.loads(file.read())
    except (OSError, ValueError):
        return None
    return {(passage, style): Sound(name, seconds) for passage, style, name, seconds in told}


def read(sound: Sound) -> bytes:
    """An MP3. Raises OSError where it is gone."""
    with default_storage.open(sound.name) as file:
        kept: bytes = file.read()
    return kept


def forget(voice: str) -> None:
    """Have them made again: not all of them are there any more."""
    default_storage.delete(_list(voice))


def told_by(voice: Narrator) -> Read:
    """How a condition is read where our own voice is loaded."""

    def say(text: str, condition: str) -> Spoken:
        if condition == Trial.Condition.FALLBACK:
            return joined(list(fallback.speak(text)))
        return joined(list(voice.speak(text, condition)))

    return say


def make(voice: str, say: Read) -> None:
    """Every passage in every condition, and at last the list. Raises SpeechError."""
    if ready(voice) is not None:
        return
    made = []
    for passage in passages():
        for condition, samples in _alike(passage, say):
            raw = encoded(samples, RATE, "mp3", constant=True)
            name = f"{FOLDER}/{uuid.uuid4().hex}.mp3"
            stored = default_storage.save(name, ContentFile(raw))
            made.append((passage.key, condition, stored, round(len(samples) / RATE, 3)))
    if ready(voice) is None:
        default_storage.save(_list(voice), ContentFile(json.dumps(made).encode()))


def _alike(passage: Passage, say: Read) -> Iterator[tuple[str, Samples]]:
    """The readings of one passage, equally loud."""
    read = {each.value: _framed(say(passage.text, each.value)) for each in Trial.Condition}
    loud = {name: samples * _gain(samples) for name, samples in read.items()}
    peak = max(float(np.abs(samples).max()) for samples in loud.values())
    softer = np.float32(min(1.0, CEILING / peak))  # one for all, or they would differ
    for name, samples in loud.items():
        yield name, samples * softer


def _framed(spoken: Spoken) -> Samples:
    """At RATE, with the same silence before and after. Raises SpeechError."""
    samples = spoken.samples
    if spoken.sample_rate != RATE:
        samples = audio.resample(samples, spoken.sample_rate, RATE)
    heard = np.flatnonzero(~(np.abs(samples) <= SILENT))  # what is no number: `encoded` refuses
    if not len(heard):
        raise SpeechError("nothing_to_say", "a reading is silent")
    silence = np.zeros(round(SILENCE_S * RATE), dtype=np.float32)
    return np.concatenate([silence, samples[heard[0] : heard[-1] + 1], silence])


def _gain(samples: Samples) -> np.float32:
    import torch  # a node that only serves pages has none
    from torchaudio.functional import loudness

    return np.float32(10 ** ((LUFS - float(loudness(torch.from_numpy(samples)[None], RATE))) / 20))


def _list(voice: str) -> str:
    """Another voice, or another text, makes another list."""
    depends = json.dumps([voice, passages(), LUFS, RATE])
    return f"{FOLDER}/{hashlib.sha256(depends.encode()).hexdigest()[:32]}.json"
