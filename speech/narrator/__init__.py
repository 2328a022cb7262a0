"""The narrator: text -> sentences -> phones -> mel -> wave, neutral or storytelling."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from speech import thresholds
from speech.errors import SpeechError
from speech.narrator import fallback
from speech.narrator.spoken import Spoken
from speech.thresholds import NARRATOR

if TYPE_CHECKING:
    from speech.narrator.voice import Narrator

logger = logging.getLogger(__name__)


def speak(text: str, style: str = "storytelling", rate: float = 1.0) -> Iterator[Spoken]:
    """A text of up to 50,000 characters, sentence by sentence, each with the silence after it.

    By our own voice, or by espeak-ng (`Spoken.voice` says which) where its bundle does not load.
    Raises SpeechError `nothing_to_say` (espeak-ng: `empty_text`) or `text_too_long`, ValueError
    for a style or a rate that there is not.
    """
    voice = own()
    yield from (voice.speak if voice else fallback.speak)(text, style, rate)


def pronounce(
    words: Sequence[Sequence[str]], stress: Sequence[Sequence[int]], rate: float = 1.0
) -> Spoken:
    """Any phones of the inventory, in words, with a stress digit for each phone; neutral.

    By our own voice or by espeak-ng, as `speak`. Raises SpeechError `bad_phone`, ValueError.
    """
    voice = own()
    return (voice.pronounce if voice else fallback.pronounce)(words, stress, rate)


def version(folder: Path = NARRATOR) -> str:
    """Of the bundle in the folder, told without torch; '' where there is none."""
    try:
        return thresholds.version(folder)
    except SpeechError:
        return ""


@cache
def own(folder: Path = NARRATOR) -> Narrator | None:
    """Our own voice, loaded once; None where there is none. One thread of torch's is enough."""
    try:
        import torch

        from speech.narrator.voice import Narrator

        torch.set_num_threads(1)
        return Narrator.load(folder)
    except (ImportError, SpeechError) as error:  # a web-only node has no torch
        logger.warning("espeak-ng stands in for the narrator: %s", error)
        return None
