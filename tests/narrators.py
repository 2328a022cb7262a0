"""A voice for tests: a real bundle of a small network that learnt nothing, so that it hums."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from django.core.cache import cache
from pytest_django import Settings

from speech.narrator import bundle
from speech.narrator.bundle import Tuning
from speech.narrator.generator import Generator, GeneratorConfig
from speech.narrator.vocoder import Vocoder, VocoderConfig
from tests import queues


def write(folder: Path, pace: float = 1.0) -> str:
    """Write it; its version. Another `pace` is another voice."""
    torch.manual_seed(0)
    generator = Generator(GeneratorConfig(channels=16, encoder=1, decoder=1))
    vocoder = Vocoder(VocoderConfig(channels=16, blocks=1))
    tuning = {style: Tuning(1.0, 5.3, 1.0, pace) for style in ("neutral", "storytelling")}
    return bundle.save(folder, generator, vocoder, tuning, {})


@contextmanager
def installed(settings: Settings, folder: Path) -> Iterator[str]:
    """It speaks here, nothing is asked of it yet; its version."""
    settings.NARRATOR_BUNDLE = str(folder / "narrator")
    (folder / "narrator").mkdir()
    cache.clear()
    queues.jobs("narrate")
    yield write(folder / "narrator")
    queues.jobs("narrate")
    cache.clear()
