"""Where a bundle lies and its operating point; readable without torch."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from speech.errors import SpeechError

CONFIG = "config.json"
BUNDLES = Path(__file__).parent / "bundles"
DEFAULT = Path(os.environ.get("SPEECH_BUNDLE") or BUNDLES / "listener")
NARRATOR = Path(os.environ.get("NARRATOR_BUNDLE") or BUNDLES / "narrator")

# Multiples of the odds of `p_wrong` at which a sound turns red.
STRICTNESS = {"gentle": 0.6, "normal": 1.0, "strict": 1.6}


@dataclass(frozen=True)
class Thresholds:
    """On `p_wrong`; chosen by the recipe on speakers that listener and head did not know."""

    red: float  # over all sounds; each has its own in `sounds`
    unsure: float
    extra: float  # log likelihood ratio an inserted sound needs
    skipped: float  # nats a phone by which the take is likelier without a word
    sounds: Mapping[str, float]  # from where a sound is red; one that is not here never is
    stress_wrong: float = 1.0  # chance that a teacher marks the stress of a word; 1: never red
    stress_unsure: float = 1.0
    stress_moved: float = 1.0  # chance that another syllable stood out, from which it is unsure

    def is_red(self, phone: str, p_wrong: float) -> bool:
        """Whether a teacher would so likely mark the sound that it is shown as wrong."""
        return phone in self.sounds and p_wrong >= self.sounds[phone]

    def at(self, strictness: str) -> Thresholds:
        """The same for a gentler or stricter teacher."""
        factor = STRICTNESS[strictness]

        def shift(p: float) -> float:
            return p / (p + factor * (1 - p))  # the odds divided by `factor`; 1 stays 1

        return replace(
            self,
            red=shift(self.red),
            unsure=shift(self.unsure),
            sounds={phone: shift(p) for phone, p in self.sounds.items()},
            stress_wrong=shift(self.stress_wrong),
            stress_unsure=shift(self.stress_unsure),
            stress_moved=shift(self.stress_moved),
        )


@cache
def version(folder: Path = DEFAULT) -> str:
    """The version of the bundle that this installation judges with."""
    try:
        return str(json.loads((folder / CONFIG).read_text(encoding="utf-8"))["version"])
    except (OSError, ValueError, KeyError) as error:
        raise SpeechError("bad_bundle", str(error)) from error
