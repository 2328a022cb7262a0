"""A bundle: weights, config and model card, loaded and verified together, without training code."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import safetensors.torch
from torch import Tensor, nn

from speech.criterion import PRIORS
from speech.errors import SpeechError
from speech.judge.head import Head, HeadConfig
from speech.judge.stress import Stress
from speech.listener.model import Listener, ListenerConfig
from speech.phones import SYMBOLS
from speech.thresholds import CONFIG, DEFAULT, Thresholds

Module = TypeVar("Module", bound=nn.Module)
WEIGHTS = "weights.safetensors"


class Bundle(NamedTuple):
    listener: Listener
    heads: Mapping[str, Head]  # by prior
    thresholds: Mapping[str, Thresholds]  # by prior
    version: str
    stress: Stress


def load(folder: Path = DEFAULT) -> Bundle:
    """Read and verify a bundle; SpeechError `bad_bundle` says what disagrees."""
    config, tensors = verified(folder)
    try:
        sizes = config["listener"] | {"symbols": SYMBOLS}
        listener = filled(Listener(ListenerConfig(**sizes)), "listener.", tensors)
        shape = HeadConfig(**config["head"])
        heads = {prior: filled(Head(shape), f"{prior}_head.", tensors) for prior in PRIORS}
        thresholds = {prior: Thresholds(**config["thresholds"][prior]) for prior in PRIORS}
        stress = filled(Stress(), "stress.", tensors)
        return Bundle(listener, heads, thresholds, config["version"], stress)
    except (KeyError, TypeError) as error:
        raise SpeechError("bad_bundle", f"{CONFIG} is not a bundle's: {error!r}") from error


def load_text_head(folder: Path = DEFAULT) -> Head:
    """The head trained without audio: the floor that evaluation reports beside every figure."""
    config, tensors = verified(folder)
    return filled(Head(HeadConfig(**config["head"])), "text_head.", tensors)


def verified(
    folder: Path, part: str = "listener", symbols: tuple[str, ...] = SYMBOLS
) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """Config and weights that belong together; `part` of the config is of these symbols."""
    try:
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        raw = (folder / WEIGHTS).read_bytes()
    except (OSError, ValueError) as error:
        raise SpeechError("bad_bundle", str(error)) from error
    if hashlib.sha256(raw).hexdigest() != config.get("weights_sha256"):
        raise SpeechError("bad_bundle", f"{WEIGHTS} is not the file that {CONFIG} describes")
    if tuple(config.get(part, {}).get("symbols", ())) != symbols:
        raise SpeechError("bad_bundle", "the bundle's phone inventory is not that of speech.phones")
    return config, {name: tensor.float() for name, tensor in safetensors.torch.load(raw).items()}


def filled(module: Module, prefix: str, tensors: dict[str, Tensor]) -> Module:
    """The module with its weights, for use."""
    own = {n.removeprefix(prefix): t for n, t in tensors.items() if n.startswith(prefix)}
    try:
        module.load_state_dict(own)
    except RuntimeError as error:
        raise SpeechError("bad_bundle", f"{WEIGHTS} and {CONFIG}: {error}") from error
    return module.eval()


def save(
    folder: Path,
    listener: Listener,
    heads: Mapping[str, Head],
    text_head: Head,
    stress: Stress,
    thresholds: Mapping[str, Thresholds],
    facts: dict[str, Any],
) -> str:
    """Write weights (float16) and config; returns the version: a hash of weights and thresholds."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {f"listener.{n}": t for n, t in listener.state_dict().items()}
    for prior, head in heads.items():
        tensors |= {f"{prior}_head.{n}": t for n, t in head.state_dict().items()}
    tensors |= {f"text_head.{n}": t for n, t in text_head.state_dict().items()}
    tensors |= {f"stress.{n}": t for n, t in stress.state_dict().items()}
    safetensors.torch.save_file(
        {n: t.half().contiguous() for n, t in tensors.items()}, folder / WEIGHTS
    )
    digest = hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()
    points = {prior: asdict(each) for prior, each in thresholds.items()}
    judged_by = json.dumps([digest, points], sort_keys=True)
    version = hashlib.sha256(judged_by.encode()).hexdigest()[:12]
    config = {
        "version": version,
        "weights_sha256": digest,
        "listener": asdict(listener.config),
        "head": asdict(text_head.config),
        "thresholds": points,
        **facts,
    }
    (folder / CONFIG).write_text(json.dumps(config, indent=1, ensure_ascii=False) + "\n")
    return version
