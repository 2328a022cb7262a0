"""The paraphraser's bundle: weights in float16, config and model card."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from speech import bundle
from speech.paraphraser.model import ParaphraserConfig, ParaphraserNet
from speech.thresholds import BUNDLES

DEFAULT = BUNDLES / "paraphraser"
PART = "paraphraser"
ATTRIBUTIONS = {
    "confusion counts": "of L2-ARCTIC (Zhao et al. 2018) and EpaDB (Vidal et al.)",
    "texts": "speechocean762 (Zhang et al., Interspeech 2021, CC BY 4.0), LJ Speech (K. Ito)",
    "pronunciations": "cmudict",
}


def load(folder: Path = DEFAULT) -> tuple[ParaphraserNet, str]:
    """Read and verify; SpeechError `bad_bundle` says what disagrees. With the version."""
    config, tensors = bundle.read(folder, PART)
    with bundle.understood():
        net = ParaphraserNet(ParaphraserConfig(**bundle.sizes(config[PART])))
        return bundle.filled(net, f"{PART}.", tensors), config["version"]


def save(folder: Path, net: ParaphraserNet, facts: dict[str, Any]) -> str:
    """Write the bundle; returns its version, a hash of the weights."""
    config = {
        PART: asdict(net.config),
        "licence": "CC BY-SA 4.0",
        "attributions": ATTRIBUTIONS,
        "training": facts,
    }
    return bundle.write(folder, {f"{PART}.": net}, config)
