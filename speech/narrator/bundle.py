"""The narrator's bundle: generator and vocoder in float16, the voices' means, the model card."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import safetensors.torch

from speech import bundle
from speech.errors import SpeechError
from speech.narrator.generator import Generator, GeneratorConfig
from speech.narrator.units import SYMBOLS
from speech.narrator.vocoder import Vocoder, VocoderConfig
from speech.thresholds import CONFIG, NARRATOR

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
    config, tensors = bundle.verified(folder, "generator", SYMBOLS)
    try:
        lists = {n: tuple(v) for n, v in config["generator"].items() if isinstance(v, list)}
        generator = Generator(GeneratorConfig(**(config["generator"] | lists)))
        vocoder = Vocoder(VocoderConfig(**config["vocoder"]))
        return NarratorBundle(
            bundle.filled(generator, "generator.", tensors),
            bundle.filled(vocoder, "vocoder.", tensors),
            {style: Tuning(**each) for style, each in config["tuning"].items()},
            config["version"],
        )
    except (KeyError, TypeError) as error:
        raise SpeechError("bad_bundle", f"{CONFIG} is not a bundle's: {error!r}") from error


def save(
    folder: Path,
    generator: Generator,
    vocoder: Vocoder,
    tuning: dict[str, Tuning],
    facts: dict[str, Any],
) -> str:
    """Write the bundle; returns its version, a hash of weights and tuning."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {f"generator.{n}": t for n, t in generator.state_dict().items()}
    tensors |= {f"vocoder.{n}": t for n, t in vocoder.state_dict().items()}
    raw = safetensors.torch.save({n: t.half().contiguous() for n, t in tensors.items()})
    (folder / bundle.WEIGHTS).write_bytes(raw)
    digest = hashlib.sha256(raw).hexdigest()
    spoken_by = json.dumps([digest, tuning], sort_keys=True)
    version = hashlib.sha256(spoken_by.encode()).hexdigest()[:12]
    config = {
        "version": version,
        "weights_sha256": digest,
        "generator": asdict(generator.config),
        "vocoder": asdict(vocoder.config),
        "tuning": {style: each._asdict() for style, each in tuning.items()},
        "licence": "CC BY-SA 4.0",
        "attributions": ATTRIBUTIONS,
        **facts,
    }
    (folder / CONFIG).write_text(json.dumps(config, indent=1, ensure_ascii=False) + "\n")
    return version
