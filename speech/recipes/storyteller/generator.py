"""Stage: the mel generator, first on every voice, then on the reader's alone.

`python -m speech.recipes.storyteller.generator NAME --hours 8 [--from OTHER] [--reader] [--l2 1e-6]
[--adversarial] [--no-curation] [--no-neutral]`
`--hours` counts audio seen. Checkpoints WORK/voice/NAME.pt; run again, it goes on.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from speech.narrator.generator import Generator, GeneratorConfig
from speech.narrator.mel import HOP, RATE
from speech.recipes.phonetic_rnnt.train import save
from speech.recipes.storyteller import align, clips, examples, styles
from speech.recipes.storyteller.align import Aligned
from speech.recipes.storyteller.curate import kept as curated
from speech.recipes.storyteller.examples import Example, Learned, Voice

SPEAKERS = ("lj", "lj_world", "gc_en", "gc_es", "flslt", "flrms")
BATCH = 5000  # frames
SAVE_S = 240.0


class Patches(nn.Module):
    """Tells real mels from made ones patch by patch; also gives its layers' outputs."""

    def __init__(self, channels: int = 24) -> None:
        super().__init__()
        sizes = [(1, channels), (channels, channels), (channels, 2 * channels)]
        self.layers = nn.ModuleList(
            nn.utils.parametrizations.weight_norm(nn.Conv2d(a, b, (3, 5), (1, 2), (1, 2)))
            for a, b in sizes
        )
        self.out = nn.Conv2d(2 * channels, 1, 3, padding=1)

    def forward(self, mel: Tensor) -> tuple[Tensor, list[Tensor]]:  # (B, T, MELS)
        x, seen = (mel[:, None] + 5) / 3, []
        for layer in self.layers:
            x = F.leaky_relu(layer(x), 0.1)
            seen.append(x)
        return self.out(x), seen


def losses(generator: Generator, learned: Learned) -> tuple[dict[str, Tensor], Tensor, Tensor]:
    """The terms of the loss, the mel made with the true prosody, and which frames count (B, T)."""
    encoded = generator.encode(learned.batch, learned.speaker)
    said = generator.predict(encoded, learned.batch.lengths, learned.style)
    true = learned.prosody
    there = torch.arange(true.frames.shape[1]) < learned.batch.lengths[:, None]
    wanted = torch.stack([true.frames.float().log1p(), true.start, true.middle, true.energy], -1)
    error = (said - wanted).square()
    mel, voicing, _ = generator.decode(encoded, true)
    heard = torch.arange(mel.shape[1]) < true.frames.sum(1)[:, None]
    heard = heard & learned.heard[:, None]
    count = heard.sum().clamp_min(1)
    unsure = F.binary_cross_entropy_with_logits(voicing, learned.voiced, reduction="none")
    terms = {
        "duration": error[..., 0][there].mean(),
        "pitch": 5 * error[..., 1:3][there].mean(),
        "energy": error[..., 3][there].mean(),
        "mel": ((mel - learned.mel).abs().mean(-1) * heard).sum() / count,
        "voicing": 0.3 * (unsure * heard).sum() / count,
    }
    return terms, mel, heard


def penalty(generator: Generator) -> Tensor:
    """The sum of squares of all weights of layers."""
    return sum(
        (p.square().sum() for p in generator.parameters() if p.dim() > 1),
        start=torch.zeros(()),
    )


def trained(name: str) -> tuple[Generator, Voice, float]:
    """A generator for use, the means of the reader it learnt, and the hours it has had."""
    state = torch.load(clips.FOLDER / f"{name}.pt")
    generator = Generator(GeneratorConfig(**state["config"]))
    generator.load_state_dict(state["model"])
    return generator.eval(), Voice(*state["voices"]["lj"]), state["done"]


class Material(NamedTuple):
    train: list[Example]
    dev: list[Example]
    voices: dict[str, Voice]


def material(reader_only: bool, curation: bool, neutral: bool) -> Material:
    """Examples of all voices; of the reader's in both styles once `reader_only`.

    Then a fifth of the others' stays in, so that the Spanish sounds are not forgotten.
    """
    aligned = align.read()
    everyone = {"lj": [*clips.reader("train"), *clips.reader("dev")]}
    for name, each in aligned.items():
        if each.speaker != "lj":
            everyone.setdefault(each.speaker, []).append(name)
    fit = curated()
    voices = {who: examples.voice_of(names[:200]) for who, names in everyone.items()}
    voices[styles.SPEAKER] = voices["lj"]
    train: list[Example] = []
    dev = []
    for who, names in everyone.items():
        if who != "lj" and reader_only:
            names = names[:: 2 if who.startswith("gc") else 10]
        made = [
            examples.example(name, aligned[name], voices[who], SPEAKERS.index(who), 0)
            for name in names
            if who != "lj" or name in fit or not curation
        ]
        if who == "lj":
            kept = set(clips.reader("dev"))
            dev = [e for e in made if e.name in kept]
            made = [e for e in made if e.name not in kept]
            if reader_only:
                made = [*_told(made, aligned, voices["lj"]), *(made if neutral else ())]
        train += made
    return Material(train, dev, voices)


def _told(made: list[Example], aligned: dict[str, Aligned], voice: Voice) -> Iterator[Example]:
    """The reader's clips as stories: the most expressive as they are, all by resynthesis.

    Of the latter the reader's own voice learns the prosody; the sound is another speaker's.
    """
    frames = styles.read()
    moved = styles.expressive([e.name for e in made])
    for each in made:
        if each.name in moved:
            yield each._replace(style=1)
        told = aligned[each.name]._replace(frames=frames[each.name])
        name = f"st_{each.name}"
        resynthesised = examples.example(name, told, voice, SPEAKERS.index(styles.SPEAKER), 1)
        yield resynthesised
        yield resynthesised._replace(speaker=0, heard=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("--hours", type=float, default=8.0)
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument("--l2", type=float, default=1e-6)
    parser.add_argument("--from", dest="start")
    parser.add_argument("--reader", action="store_true")
    parser.add_argument("--adversarial", action="store_true")
    parser.add_argument("--config", action="append", default=[], metavar="SIZE=NUMBER")
    parser.add_argument("--no-curation", action="store_true")
    parser.add_argument("--no-neutral", action="store_true")
    args = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(1)
    target = clips.FOLDER / f"{args.name}.pt"
    found = material(args.reader, not args.no_curation, not args.no_neutral)
    sizes = {name: int(size) for name, size in (each.split("=") for each in args.config)}
    generator = Generator(GeneratorConfig(speakers=SPEAKERS, **sizes))  # type: ignore[arg-type]
    judge = Patches()
    optimiser = torch.optim.AdamW(generator.parameters(), args.lr, (0.9, 0.99), weight_decay=0)
    against = torch.optim.AdamW(judge.parameters(), 3e-4, (0.8, 0.99))
    done = 0.0  # hours
    if target.exists():
        state = torch.load(target)
        generator.load_state_dict(state["model"])
        judge.load_state_dict(state["judge"])
        optimiser.load_state_dict(state["optimiser"])
        against.load_state_dict(state["against"])
        done = state["done"]
    elif args.start:
        generator.load_state_dict(torch.load(clips.FOLDER / f"{args.start}.pt")["model"])
    rng = random.Random(done)
    saved = time.monotonic()
    means: dict[str, float] = {}
    step = 0
    while done < args.hours:
        for group in examples.batches(found.train, BATCH, rng):
            learned = examples.together(group)
            for each in optimiser.param_groups:
                each["lr"] = args.lr * min(1.0, (step + 1) / 100, 1.02 - done / args.hours)
            terms, mel, heard = losses(generator, learned)
            loss = sum(terms.values(), start=torch.zeros(())) + args.l2 * penalty(generator)
            if args.adversarial:
                loss = loss + _against(judge, against, mel, learned.mel, heard)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(generator.parameters(), 1.0)
            optimiser.step()
            step += 1
            done += float(learned.prosody.frames.sum()) * HOP / RATE / 3600
            for term, value in terms.items():
                means[term] = means.get(term, 0.0) + (float(value) - means.get(term, 0.0)) / min(
                    step, 100
                )
            if step % 100 == 0:
                print(f"{done:.2f} h", _shown(means), flush=True)
            ended = done >= args.hours
            if time.monotonic() - saved > SAVE_S or ended:
                saved = time.monotonic()
                print(f"{done:.2f} h dev", _shown(held_out(generator, found.dev)), flush=True)
                state = {
                    "model": generator.state_dict(),
                    "judge": judge.state_dict(),
                    "optimiser": optimiser.state_dict(),
                    "against": against.state_dict(),
                    "config": asdict(generator.config),
                    "voices": {who: tuple(voice) for who, voice in found.voices.items()},
                    "done": done,
                }
                save(target, state)
            if ended:
                break


def _against(
    judge: Patches, optimiser: torch.optim.Optimizer, made: Tensor, real: Tensor, heard: Tensor
) -> Tensor:
    """One step of the judge, and what it asks of the generator."""
    made = torch.where(heard[..., None], made, real)
    optimiser.zero_grad()
    doubt = F.relu(1 - judge(real)[0]).mean() + F.relu(1 + judge(made.detach())[0]).mean()
    doubt.backward()
    optimiser.step()
    verdict, seen = judge(made)
    with torch.no_grad():
        wanted = judge(real)[1]
    loss = -0.05 * verdict.mean()
    for a, b in zip(seen, wanted, strict=True):
        loss = loss + 0.2 * (a - b).abs().mean() / b.abs().mean()
    return loss


def held_out(generator: Generator, kept: Sequence[Example]) -> dict[str, float]:
    """The terms of the loss on clips that it never saw."""
    generator.eval()
    with torch.no_grad():
        terms, _, _ = losses(generator, examples.together(kept))
    generator.train()
    return {name: float(value) for name, value in terms.items()}


def _shown(terms: dict[str, float]) -> str:
    return " ".join(f"{name} {value:.4f}" for name, value in terms.items())


if __name__ == "__main__":
    main()
