"""Stage: the bundle, its styles tuned on clips that were kept to choose by.

`python -m speech.recipes.storyteller.export --generator G --vocoder V --out DIR`
What a regression predicts moves less than what it learnt from; the range of pitch is widened until
it is the dev clips' (storytelling: that of the same clips as stories).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from speech.narrator import bundle
from speech.narrator.bundle import Tuning
from speech.narrator.generator import Generator
from speech.narrator.units import FIRST_PHONE
from speech.narrator.vocoder import Vocoder, VocoderConfig
from speech.recipes.storyteller import align, clips, examples, styles
from speech.recipes.storyteller.examples import Example, Voice
from speech.recipes.storyteller.generator import trained

LEAST, MOST = 0.5, 2.0  # factors of a tuning


def tuned(generator: Generator, voice: Voice, told: dict[str, list[Example]]) -> dict[str, Tuning]:
    """For each style, by how much pitch and lengths must be widened on its dev clips."""
    found = {}
    for style, kept in told.items():
        batch = examples.together(kept)
        with torch.no_grad():
            encoded = generator.encode(batch.batch, torch.zeros_like(batch.speaker))
            said = generator.predict(encoded, batch.batch.lengths, batch.style)
        there = torch.arange(said.shape[1]) < batch.batch.lengths[:, None]
        phone = there & (batch.batch.symbols >= FIRST_PHONE)
        ranges = [
            float(true[mask].std() / made[mask].std())
            for true, made, mask in zip(batch.prosody.middle, said[..., 2], phone, strict=True)
        ]
        length = (said[..., 0].exp() - 1).clamp_min(0)
        found[style] = Tuning(
            _within(sorted(ranges)[len(ranges) // 2]),
            voice.pitch,
            styles.PAUSE if style == "storytelling" else 1.0,
            _within(float(batch.prosody.frames[phone].sum() / length[phone].sum())),
        )
    return found


def _within(factor: float) -> float:
    return min(max(factor, LEAST), MOST)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--generator", required=True)
    parser.add_argument("--vocoder", required=True)
    parser.add_argument("--out", type=Path, default=bundle.DEFAULT)
    args = parser.parse_args()
    generator, voice, hours = trained(args.generator)
    made = torch.load(clips.FOLDER / f"{args.vocoder}.pt")
    vocoder = Vocoder(VocoderConfig(**made["config"]))
    vocoder.load_state_dict(made["model"])
    aligned, frames = align.read(), styles.read()
    told: dict[str, list[Example]] = {"neutral": [], "storytelling": []}
    for name in clips.reader("dev"):
        told["neutral"].append(examples.example(name, aligned[name], voice, 0, 0))
        story = aligned[name]._replace(frames=frames[name])
        told["storytelling"].append(examples.example(f"st_{name}", story, voice, 0, 1))
    tuning = tuned(generator, voice, told)
    facts = {
        "training": {"generator_hours": hours, "vocoder_steps": made["done"]},
        "style": "no expressive recordings: the reader's most expressive sentences, and all of "
        "hers resynthesised with WORLD (wider pitch, stronger dynamics, longer vowels and pauses)",
    }
    print(bundle.save(args.out, generator, vocoder, tuning, facts), tuning)


if __name__ == "__main__":
    main()
