"""What the voice says, and the files it is kept in: named by all that they depend on."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import soundfile
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from speech import narrator
from speech.errors import SpeechError
from speech.narrator import fallback
from speech.narrator.spoken import MAX_CHARS, Spoken, encoded, joined
from speech.phones import INVENTORY, is_vowel

TOP = "voz"  # the folder
SPEEDS = {"normal": 1.0, "lenta": 0.65}
NEUTRAL, STORYTELLING = "neutral", "storytelling"
# Safari before 18.4 plays no Ogg.
KINDS = {"ogg": "audio/ogg", "mp3": "audio/mpeg"}
TIMES = "json"  # beside the sounds: the words, and when each is heard


class Sounds(NamedTuple):
    """Phones that no text stands for, in words, with a stress digit for each."""

    words: tuple[tuple[str, ...], ...]
    stress: tuple[tuple[int, ...], ...]


def of_phones(phones: Sequence[str], stress: str) -> Sounds:
    """One word of sounds; `stress` has a digit for each vowel. Raises SpeechError bad_phone."""
    if unknown := [phone for phone in phones if phone not in INVENTORY]:
        raise SpeechError("bad_phone", unknown[0])
    digits = iter(stress)
    each = tuple(int(next(digits, "0")) if is_vowel(phone) else 0 for phone in phones)
    return Sounds((tuple(phones),), (each,))


@dataclass(frozen=True)
class Passage:
    """Something to be said in a style, at a speed."""

    said: str | Sounds
    style: str = NEUTRAL
    speed: str = "normal"

    @property
    def key(self) -> str:
        """What its sound depends on besides the voice, in one string that fits a file name."""
        parts = [self.said, self.style, SPEEDS[self.speed]]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]

    @classmethod
    def of(cls, data: Sequence[Any]) -> Passage:
        """From what a job carries: the fields, as JSON has them."""
        said, style, speed = data
        if not isinstance(said, str):
            words, stress = said
            said = Sounds(tuple(map(tuple, words)), tuple(map(tuple, stress)))
        return cls(said, style, speed)

    def check(self) -> None:
        """Raises SpeechError for a text that no voice is asked to say."""
        if not isinstance(self.said, str):
            return
        if not self.said.strip():
            raise SpeechError("empty_text")
        if len(self.said) > MAX_CHARS:
            raise SpeechError("text_too_long", f"{len(self.said)} characters")


@lru_cache(maxsize=256)
def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Where the sentences of a text are, which our voice hands over one by one.

    Raises SpeechError nothing_to_say, text_too_long.
    """
    from speech.narrator import front_end  # reads the lexicons

    starts = [sentence.words[0].at for sentence in front_end.sentences(text)]
    starts[0] = 0
    return tuple(zip(starts, [*starts[1:], len(text)], strict=True))


@dataclass(frozen=True)
class Voice:
    """Who speaks: the name as told, and the folder of the files."""

    name: str
    folder: str

    def path(self, passage: Passage, kind: str, part: int | None = None) -> str:
        """The file of a passage, or of one of its sentences."""
        end = "" if part is None else f"-{part}"
        return f"{TOP}/{self.folder}/{passage.key}{end}.{kind}"

    def has(self, passage: Passage) -> bool:
        return default_storage.exists(self.path(passage, TIMES))  # the last that is kept

    def kept(self, passage: Passage, kind: str, part: int | None = None) -> bytes | None:
        """The file; None where there is none yet."""
        try:
            with default_storage.open(self.path(passage, kind, part)) as file:
                data: bytes = file.read()
        except OSError:
            return None
        return data

    def keep(self, passage: Passage, spoken: Spoken, part: int | None = None) -> None:
        for kind in (*KINDS, TIMES):
            path = self.path(passage, kind, part)
            default_storage.save(path, ContentFile(_file(spoken, kind)))

    def making(self, passage: Passage, part: int | None = None) -> Iterator[int]:
        """Say a passage and keep its files; a number as each is there. Raises SpeechError."""
        passage.check()
        spoken: list[Spoken] = []
        several = isinstance(passage.said, str) and len(sentences(passage.said)) > 1
        for number, each in enumerate(self._say(passage)):
            spoken.append(each)
            if several:
                self.keep(passage, each, number)
            yield number
        self.keep(passage, joined(spoken))

    def _say(self, passage: Passage) -> Iterator[Spoken]:
        speaker = narrator.own(Path(settings.NARRATOR_BUNDLE))
        if speaker is None:
            raise SpeechError("bad_bundle", settings.NARRATOR_BUNDLE)
        rate = SPEEDS[passage.speed]
        if isinstance(passage.said, str):
            yield from speaker.speak(passage.said, passage.style, rate)
        else:
            yield speaker.pronounce(*passage.said, rate)


class StandIn(Voice):
    """espeak-ng, which is there always, and quick."""

    def making(self, passage: Passage, part: int | None = None) -> Iterator[int]:
        """The whole, or only the part that is wanted."""
        passage.check()
        rate = SPEEDS[passage.speed]
        if not isinstance(passage.said, str):
            self.keep(passage, fallback.pronounce(*passage.said, rate))
        elif part is None:
            self.keep(passage, joined(list(fallback.speak(passage.said, passage.style, rate))))
        else:
            at, to = sentences(passage.said)[part]
            spoken = joined(list(fallback.speak(passage.said[at:to], passage.style, rate)))
            words = tuple(w._replace(at=w.at + at, to=w.to + at) for w in spoken.words)
            self.keep(passage, replace(spoken, words=words), part)
        yield 0


STAND_IN = StandIn(fallback.VOICE, "espeak-ng-2")  # another number: other settings


def current() -> Voice:
    """Who speaks in this installation."""
    version = narrator.version(Path(settings.NARRATOR_BUNDLE))
    return Voice(f"cotorra {version}", f"cotorra-{version}") if version else STAND_IN


def _file(spoken: Spoken, kind: str) -> bytes:
    """The sound, or as `json` its length and words."""
    if kind == TIMES:
        words = [word._asdict() for word in spoken.words]
        told = {"voice": spoken.voice, "style": spoken.style, "seconds": spoken.seconds}
        return json.dumps(told | {"words": words}, ensure_ascii=False).encode()
    if kind == "ogg" and spoken.voice == fallback.VOICE:
        # Vorbis takes its rate as it is; to resample it for Opus takes torch.
        file = io.BytesIO()
        soundfile.write(file, spoken.samples, spoken.sample_rate, format="OGG", subtype="VORBIS")
        return file.getvalue()
    return encoded(spoken.samples, spoken.sample_rate, kind)
