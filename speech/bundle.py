"""A bundle: weights, config and model card, loaded and verified together, without training code."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from safetensors.torch import load_file, save_file

from speech.errors import SpeechError
from speech.judge.head import Head, HeadConfig
from speech.listener.model import Listener, ListenerConfig
from speech.phones import SYMBOLS
from speech.thresholds import CONFIG, DEFAULT, Thresholds

WEIGHTS = "weights.safetensors"


class Bundle(NamedTuple):
    listener: Listener
    head: Head
    thresholds: Thresholds
    version: str


def load(folder: Path = DEFAULT) -> Bundle:
    """Read and verify a bundle; SpeechError `bad_bundle` says what disagrees."""
    try:
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        raw = (folder / WEIGHTS).read_bytes()
    except (OSError, ValueError) as error:
        raise SpeechError("bad_bundle", str(error)) from error
    if hashlib.sha256(raw).hexdigest() != config.get("weights_sha256"):
        raise SpeechError("bad_bundle", f"{WEIGHTS} is not the file that {CONFIG} describes")
    if tuple(config["listener"]["symbols"]) != SYMBOLS:
        raise SpeechError("bad_bundle", "the bundle's phone inventory is not speech.phones.SYMBOLS")
    listener = Listener(
        ListenerConfig(**(config["listener"] | {"symbols": tuple(config["listener"]["symbols"])}))
    )
    head = Head(HeadConfig(**config["head"]))
    tensors = {name: t.float() for name, t in load_file(folder / WEIGHTS).items()}
    for prefix, module in (("listener.", listener), ("head.", head)):
        own = {n.removeprefix(prefix): t for n, t in tensors.items() if n.startswith(prefix)}
        try:
            module.load_state_dict(own)
        except RuntimeError as error:
            raise SpeechError("bad_bundle", str(error)) from error
        module.eval()
    return Bundle(listener, head, Thresholds(**config["thresholds"]), config["version"])


def load_text_head(folder: Path = DEFAULT) -> Head:
    """The head trained without audio: the floor that evaluation reports beside every figure."""
    config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    head = Head(HeadConfig(**config["head"]))
    tensors = load_file(folder / WEIGHTS)
    prefix = "text_head."
    head.load_state_dict(
        {n.removeprefix(prefix): t.float() for n, t in tensors.items() if n.startswith(prefix)}
    )
    return head.eval()


def save(
    folder: Path,
    listener: Listener,
    head: Head,
    text_head: Head,
    thresholds: Thresholds,
    facts: dict[str, Any],
) -> str:
    """Write weights (float16) and config; returns the version: a hash of weights and thresholds."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {f"listener.{n}": t for n, t in listener.state_dict().items()}
    tensors |= {f"head.{n}": t for n, t in head.state_dict().items()}
    tensors |= {f"text_head.{n}": t for n, t in text_head.state_dict().items()}
    save_file({n: t.half().contiguous() for n, t in tensors.items()}, folder / WEIGHTS)
    digest = hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()
    judged_by = json.dumps([digest, asdict(thresholds)], sort_keys=True)
    version = hashlib.sha256(judged_by.encode()).hexdigest()[:12]
    config = {
        "version": version,
        "weights_sha256": digest,
        "listener": asdict(listener.config),
        "head": asdict(head.config),
        "thresholds": asdict(thresholds),
        **facts,
    }
    (folder / CONFIG).write_text(json.dumps(config, indent=1, ensure_ascii=False) + "\n")
    return version
