"""The narrator's bundle: generator and vocoder in int8, the voices' means, the model card."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from speech import bundle
from speech.narrator.generator import Generator, GeneratorConfig
from speech.narrator.units import SYMBOLS
from speech.narrator.vocoder import Vocoder, VocoderConfig
from speech.thresholds import NARRATOR

DEFAULT = NARRATOR
ATTRIBUTIONS = {
    "the voice": "LJ Speech (K. Ito; read by L. Johnson for LibriVox), public domain",
    "other voices of the vocoder": "speechocean762 (Zhang et al., Interspeech 2021, CC BY 4.0)",
    "single words": "Smart4Kids (Spanish) and art4apps (English) for GCompris, CC BY-SA",
    "synthetic speech": "flite (slt, rms), Carnegie Mellon University",
    "pronunciations": "cmudict, espeak-ng",
}


class Tuning(NamedTuple):
    """How a style is spoken beyond what the generator predicts."""

    pitch_range: float  # factor of the deviations of pitch from a sentence's mean
    pitch: float  # natural log of Hz: the speaker's mean
    pause: float  # factor of pauses
    pace: float  # factor of lengths


class NarratorBundle(NamedTuple):
    generator: Generator
    vocoder: Vocoder
    tuning: dict[str, Tuning]  # by style
    version: str


def load(folder: Path = DEFAULT) -> NarratorBundle:
    """Read and verify; SpeechError `bad_bundle` says what disagrees."""
    config, tensors = bundle.read(folder, "generator", SYMBOLS)
    with bundle.understood():
        generator = Generator(GeneratorConfig(**bundle.sizes(config["generator"])))
        vocoder = Vocoder(VocoderConfig(**config["vocoder"]))
        return NarratorBundle(
            bundle.filled(generator, "generator.", tensors),
            bundle.filled(vocoder, "vocoder.", tensors),
            {style: Tuning(**each) for style, each in config["tuning"].items()},
            config["version"],
        )


def save(
    folder: Path,
    generator: Generator,
    vocoder: Vocoder,
    tuning: dict[str, Tuning],
    facts: dict[str, Any],
) -> str:
    """Write the bundle; returns its version, a hash of weights and tuning."""
    config = {
        "generator": asdict(generator.config),
        "vocoder": asdict(vocoder.config),
        "tuning": {style: each._asdict() for style, each in tuning.items()},
        "licence": "CC BY-SA 4.0",
        "attributions": ATTRIBUTIONS,
        **facts,
    }
    modules = {"generator.": generator, "vocoder.": vocoder}
    return bundle.write(folder, modules, config, tuning, small=True)
