"""The model voice: espeak-ng stands in until the narrator exists. Made once and kept as a file."""

from __future__ import annotations

import hashlib
import io

import soundfile
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from speech import espeak

STAND_IN = "espeak-ng 1"  # part of the fingerprint: another voice, or setting, makes other files
SPEEDS = {"normal": espeak.NORMAL_WPM, "lenta": espeak.SLOW_WPM}
# What soundfile calls them. Safari before 18.4 plays no Ogg.
KINDS = {"ogg": ("OGG", "VORBIS", "audio/ogg"), "mp3": ("MP3", "MPEG_LAYER_III", "audio/mpeg")}


def fingerprint(text: str, speed: str, kind: str) -> str:
    """What the sound depends on, in one string that fits an ETag and a file name."""
    parts = "\0".join((STAND_IN, " ".join(text.split()), speed, kind))
    return hashlib.sha256(parts.encode()).hexdigest()[:32]


def voice(text: str, speed: str, kind: str) -> bytes:
    """The text read aloud, as a file of that kind. Raises SpeechError."""
    name = f"voz/{fingerprint(text, speed, kind)}.{kind}"
    try:
        with default_storage.open(name) as file:
            kept: bytes = file.read()
    except OSError:
        kept = b""
    if not kept:
        kept = _encoded(text, speed, kind)
        stored = default_storage.save(name, ContentFile(kept))
        if stored != name:  # somebody else was faster
            default_storage.delete(stored)
    return kept


def _encoded(text: str, speed: str, kind: str) -> bytes:
    samples, rate = espeak.synthesise(text, "en-us", rate_wpm=SPEEDS[speed])
    container, codec, _ = KINDS[kind]
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format=container, subtype=codec)
    return file.getvalue()
