"""The engine's bundle: the listener, the judge's heads and stress, and their thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from speech import bundle
from speech.criterion import PRIORS
from speech.judge.head import Head, HeadConfig
from speech.judge.stress import Stress
from speech.listener.model import Listener, ListenerConfig
from speech.thresholds import DEFAULT, Thresholds


class EngineBundle(NamedTuple):
    listener: Listener
    heads: Mapping[str, Head]  # by prior
    thresholds: Mapping[str, Thresholds]  # by prior
    version: str
    stress: Stress


def load(folder: Path = DEFAULT) -> EngineBundle:
    """Read and verify; SpeechError `bad_bundle` says what disagrees."""
    config, tensors = bundle.read(folder, "listener")
    with bundle.understood():
        listener = Listener(ListenerConfig(**bundle.sizes(config["listener"])))
        shape = HeadConfig(**config["head"])
        return EngineBundle(
            bundle.filled(listener, "listener.", tensors),
            {prior: bundle.filled(Head(shape), f"{prior}_head.", tensors) for prior in PRIORS},
            {prior: Thresholds(**config["thresholds"][prior]) for prior in PRIORS},
            config["version"],
            bundle.filled(Stress(), "stress.", tensors),
        )


def load_text_head(folder: Path = DEFAULT) -> Head:
    """The head trained without audio: the floor that evaluation reports beside every figure."""
    config, tensors = bundle.read(folder, "listener")
    with bundle.understood():
        return bundle.filled(Head(HeadConfig(**config["head"])), "text_head.", tensors)


def save(
    folder: Path,
    listener: Listener,
    heads: Mapping[str, Head],
    text_head: Head,
    stress: Stress,
    thresholds: Mapping[str, Thresholds],
    facts: dict[str, Any],
) -> str:
    """Write the bundle; returns its version, a hash of weights and thresholds."""
    points = {prior: asdict(each) for prior, each in thresholds.items()}
    modules = {
        "listener.": listener,
        **{f"{prior}_head.": head for prior, head in heads.items()},
        "text_head.": text_head,
        "stress.": stress,
    }
    config = {
        "listener": asdict(listener.config),
        "head": asdict(text_head.config),
        "thresholds": points,
        **facts,
    }
    return bundle.write(folder, modules, config, points)
