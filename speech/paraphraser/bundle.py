"""The paraphraser's bundle: weights in float16, config and model card."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import safetensors.torch

from speech import bundle
from speech.errors import SpeechError
from speech.paraphraser.model import ParaphraserConfig, ParaphraserNet
from speech.thresholds import CONFIG

DEFAULT = Path(__file__).parents[1] / "bundles" / "paraphraser"
PART = "paraphraser"
ATTRIBUTIONS = {
    "confusion counts": "of L2-ARCTIC (Zhao et al. 2018) and EpaDB (Vidal et al.)",
    "texts": "speechocean762 (Zhang et al., Interspeech 2021, CC BY 4.0), LJ Speech (K. Ito)",
    "pronunciations": "cmudict",
}


def load(folder: Path = DEFAULT) -> tuple[ParaphraserNet, str]:
    """Read and verify; SpeechError `bad_bundle` says what disagrees. With the version."""
    config, tensors = bundle.verified(folder, PART)
    try:
        sizes = config[PART] | {"symbols": tuple(config[PART]["symbols"])}
        net = ParaphraserNet(ParaphraserConfig(**sizes))
        return bundle.filled(net, f"{PART}.", tensors), config["version"]
    except (KeyError, TypeError) as error:
        raise SpeechError("bad_bundle", f"{CONFIG} is not a bundle's: {error!r}") from error


def save(folder: Path, net: ParaphraserNet, facts: dict[str, Any]) -> str:
    """Write the bundle; returns its version, a hash of the weights."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {f"{PART}.{n}": t.half().contiguous() for n, t in net.state_dict().items()}
    raw = safetensors.torch.save(tensors)
    (folder / bundle.WEIGHTS).write_bytes(raw)
    digest = hashlib.sha256(raw).hexdigest()
    config = {
        "version": digest[:12],
        "weights_sha256": digest,
        PART: asdict(net.config),
        "licence": "CC BY-SA 4.0",
        "attributions": ATTRIBUTIONS,
        "training": facts,
    }
    (folder / CONFIG).write_text(json.dumps(config, indent=1, ensure_ascii=False) + "\n")
    return digest[:12]
