"""Where a bundle lies and its operating point; readable without torch."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from speech.errors import SpeechError

CONFIG = "config.json"
DEFAULT = Path(os.environ.get("SPEECH_BUNDLE") or Path(__file__).parent / "bundles" / "listener")

# Multiples of the odds of `p_wrong` at which a sound turns red.
STRICTNESS = {"gentle": 0.6, "normal": 1.0, "strict": 1.6}


@dataclass(frozen=True)
class Thresholds:
    """On `p_wrong`; chosen on the dev speakers by the recipe."""

    red: float
    unsure: float
    extra: float  # log likelihood ratio an inserted sound needs
    skipped: float  # nats a phone by which the take is likelier without a word

    def at(self, strictness: str) -> Thresholds:
        """The same for a gentler or stricter teacher."""
        factor = STRICTNESS[strictness]

        def shift(p: float) -> float:
            return p / (p + factor * (1 - p))  # the odds divided by `factor`; 1 stays 1

        return replace(self, red=shift(self.red), unsure=shift(self.unsure))


@cache
def version(folder: Path = DEFAULT) -> str:
    """The version of the bundle that this installation judges with."""
    try:
        return str(json.loads((folder / CONFIG).read_text(encoding="utf-8"))["version"])
    except (OSError, ValueError, KeyError) as error:
        raise SpeechError("bad_bundle", str(error)) from error
