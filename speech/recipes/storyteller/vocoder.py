"""Stage: the universal vocoder, on every voice there is.

`python -m speech.recipes.storyteller.vocoder NAME --steps 8000 [--from OTHER] [--adversarial]
[--heard-from GENERATOR]`
Distances between log spectra of four windows; then, with --adversarial, two small discriminators of
spectra (UnivNet, Jang et al. 2021) with the hinge loss, which mend what distances smooth over.
With --heard-from it hears, half the time of the reader's, the generator's mels, whose faults it
learns to make good (as HiFi-GAN is finished, Kong et al. 2020).
Checkpoints WORK/voice/NAME.pt every few minutes; run again, it goes on.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence
from dataclasses import asdict

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from speech.narrator.mel import log_mel
from speech.narrator.vocoder import Vocoder, VocoderConfig
from speech.recipes.phonetic_rnnt.train import save
from speech.recipes.storyteller import align, clips, examples
from speech.recipes.storyteller.generator import trained

FRAMES = 64
WINDOWS = (2048, 1024, 512, 256)
READER = 0.6  # share of pieces that are the reader's; the others' are of all other voices
SAVE_S = 240.0


class Discriminator(nn.Module):
    """Tells real spectra from made ones, patch by patch; also gives its layers' outputs."""

    def __init__(self, window: int, channels: int = 24) -> None:
        super().__init__()
        self.window = window
        sizes = [(1, channels, 1), (channels, channels, 2), (channels, channels, 2)]
        self.layers = nn.ModuleList(
            nn.utils.parametrizations.weight_norm(
                nn.Conv2d(before, after, (9, 3), (stride + 1, 1), (4, 1))
            )
            for before, after, stride in sizes
        )
        self.out = nn.Conv2d(channels, 1, 3, padding=1)

    def forward(self, samples: Tensor) -> tuple[Tensor, list[Tensor]]:
        x = magnitudes(samples, self.window).pow(0.3)[:, None]
        seen = []
        for layer in self.layers:
            x = F.leaky_relu(layer(x), 0.1)
            seen.append(x)
        return self.out(x), seen


def magnitudes(samples: Tensor, window: int) -> Tensor:
    """(B, N) -> (B, bins, frames)"""
    shape = torch.hann_window(window, device=samples.device)
    return (
        torch.stft(samples, window, window // 4, window=shape, return_complex=True)
        .abs()
        .clamp_min(1e-5)
    )


def spectral(made: Tensor, real: Tensor) -> Tensor:
    """Mean distance of log magnitudes and spectral convergence over all WINDOWS."""
    loss = made.new_zeros(())
    for window in WINDOWS:
        a, b = magnitudes(made, window), magnitudes(real, window)
        loss = loss + (a.log() - b.log()).abs().mean() + (a - b).norm() / b.norm()
    return loss / len(WINDOWS)


def held_out(vocoder: Vocoder, kept: Sequence[clips.Clip]) -> float:
    """The spectral distance on whole clips that it never saw."""
    vocoder.eval()
    with torch.no_grad():
        total = 0.0
        for clip in kept:
            samples, f0 = torch.from_numpy(clip.samples)[None], torch.from_numpy(clip.f0)[None]
            mel = log_mel(samples)[:, : f0.shape[-1]] if clip.mel is None else clip.mel[None]
            total += float(spectral(vocoder(mel, f0), samples))
    vocoder.train()
    return total / len(kept)


@torch.inference_mode()
def copied(name: str, reader: Sequence[str]) -> list[clips.Clip]:
    """The reader's clips with the mels that a generator makes of their text and prosody."""
    generator, voice, _ = trained(name)
    aligned = align.read()
    found = []
    for each in reader:
        learned = examples.together([examples.example(each, aligned[each], voice, 0, 0)])
        encoded = generator.encode(learned.batch, learned.speaker)
        mel, _, _ = generator.decode(encoded, learned.prosody)
        found.append(clips.read(each)._replace(mel=mel[0].clone()))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("--steps", type=int, default=8000)
    parser.add_argument("--batch", type=int, default=12)
    parser.add_argument("--lr", type=float, default=5e-4)
    parser.add_argument("--from", dest="start")
    parser.add_argument("--heard-from", metavar="GENERATOR", help="also its mels of the reader")
    parser.add_argument("--adversarial", action="store_true")
    args = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(1)
    target = clips.FOLDER / f"{args.name}.pt"
    reader = [clips.read(name) for name in clips.reader("train")]
    others = [clips.read(n) for n in clips.names() if not n.startswith("LJ")]
    kept = [clips.read(name) for name in clips.reader("dev")]
    if args.heard_from:
        reader += copied(args.heard_from, clips.reader("train"))
        kept = copied(args.heard_from, clips.reader("dev"))
    vocoder = Vocoder(VocoderConfig())
    judges = nn.ModuleList(Discriminator(window) for window in (1024, 512))
    optimiser = torch.optim.AdamW(vocoder.parameters(), args.lr, (0.8, 0.99))
    against = torch.optim.AdamW(judges.parameters(), args.lr, (0.8, 0.99))
    done = 0
    if target.exists():
        state = torch.load(target)
        vocoder.load_state_dict(state["model"])
        judges.load_state_dict(state["judges"])
        optimiser.load_state_dict(state["optimiser"])
        against.load_state_dict(state["against"])
        done = state["done"]
    elif args.start:
        vocoder.load_state_dict(torch.load(clips.FOLDER / f"{args.start}.pt")["model"])
    rng = random.Random(done)
    saved = time.monotonic()
    mean = 0.0
    while done < args.steps:
        for each in optimiser.param_groups:
            each["lr"] = args.lr * min(1.0, 1.05 - done / args.steps)
        part = reader if not others or rng.random() < READER else others
        real, f0, mel = clips.pieces(part, FRAMES, args.batch, rng)
        made = vocoder(mel, f0)
        loss = spectral(made, real)
        whole = loss
        if args.adversarial:
            against.zero_grad()
            doubt = made.new_zeros(())
            for judge in judges:
                doubt = doubt + F.relu(1 - judge(real)[0]).mean()
                doubt = doubt + F.relu(1 + judge(made.detach())[0]).mean()
            doubt.backward()
            against.step()
            for judge in judges:
                verdict, seen = judge(made)
                with torch.no_grad():
                    wanted = judge(real)[1]
                whole = whole - 0.1 * verdict.mean()
                for a, b in zip(seen, wanted, strict=True):
                    whole = whole + 0.3 * (a - b).abs().mean() / b.abs().mean()
        optimiser.zero_grad()
        whole.backward()
        nn.utils.clip_grad_norm_(vocoder.parameters(), 5.0)
        optimiser.step()
        done += 1
        mean += (float(loss.detach()) - mean) / min(done, 100)
        if done % 100 == 0:
            print(f"{done} {mean:.4f}", flush=True)
        if time.monotonic() - saved > SAVE_S or done == args.steps:
            saved = time.monotonic()
            print(f"{done} dev {held_out(vocoder, kept):.4f}", flush=True)
            save(
                target,
                {
                    "model": vocoder.state_dict(),
                    "judges": judges.state_dict(),
                    "optimiser": optimiser.state_dict(),
                    "against": against.state_dict(),
                    "config": asdict(vocoder.config),
                    "done": done,
                },
            )


if __name__ == "__main__":
    main()
