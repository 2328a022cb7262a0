"""Trains the paraphraser on what sampled speakers say, and writes its bundle.

`python -m speech.recipes.l2gen.train [--name NAME] [--items 28000] [--preference 0.1]
 [--out speech/bundles/paraphraser]`
writes SPEECH_WORK/l2gen/NAME.pt and, with --out, the bundle. Same arguments, same weights.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from speech.paraphraser import bundle
from speech.paraphraser.model import GO_ON, ParaphraserConfig, ParaphraserNet, actions, indices
from speech.paraphraser.source import Source, of_words, without_marks
from speech.phones import ENGLISH, INDEX, SYMBOLS
from speech.recipes.l2gen import material
from speech.recipes.l2gen.counts import Rates, Said
from speech.recipes.l2gen.rules import Sampler

BATCH = 64
POOL = 40  # batches whose items are sorted by length together
RATE, LAST_RATE = 3e-3, 1e-4
CLIP = 1.0
# Evaluation pairs and phones typed by hand have no marks; a merged item has AO as AA, as theirs.
NO_MARKS, NO_LETTERS, MERGED = 0.4, 0.5, 0.5
BETA = 1.0
RARE = 1e-4  # where nothing was counted


@dataclass(frozen=True)
class Item:
    """A source and what one speaker said for every slot."""

    source: Source
    said: tuple[Said, ...]


def made(count: int, seed: int, sampler: Sampler) -> list[Item]:
    """Items of as many speakers."""
    draws = np.random.default_rng(seed)
    found = []
    for words in islice(material.items(seed), count):
        source = of_words(words)
        found.append(Item(source, tuple(sampler.sample(source, draws))))
    return found


def _marked(item: Item, rng: random.Random) -> Item:
    bare, unspelt = rng.random() < NO_MARKS, rng.random() < NO_LETTERS
    source = without_marks(item.source, bare, unspelt)
    if not (bare and unspelt and rng.random() < MERGED):
        return Item(source, item.said)
    said = tuple(tuple("AA" if s == "AO" else s for s in sounds) for sounds in item.said)
    return Item(tuple(replace(s, phone="AA") if s.phone == "AO" else s for s in source), said)


class Preferences(NamedTuple):
    """Of each canonical phone, the first actions that are listed for it, and that are not."""

    listed: Tensor  # (V, V)
    unlisted: Tensor


@dataclass(frozen=True)
class Batch:
    slots: Tensor  # (B, T, 4)
    lengths: Tensor  # (B,)
    actions: Tensor  # (B, A), -1 after the end
    places: Tensor  # (B, A) slot of each action

    @property
    def before(self) -> Tensor:
        """(B, A) the action before each; GO_ON at the start."""
        return functional.pad(self.actions[:, :-1], (1, 0), value=GO_ON).clamp(min=0)

    @property
    def phone(self) -> Tensor:
        """(B, A) the canonical phone that each action is taken at."""
        return self.slots[..., 0].gather(1, self.places)


def batched(items: Sequence[Item]) -> Batch:
    slots = [indices(item.source) for item in items]
    steps = [actions(item.said) for item in items]
    pad = nn.utils.rnn.pad_sequence
    return Batch(
        pad(slots, batch_first=True),
        torch.tensor([len(each) for each in slots]),
        pad([torch.tensor(a) for a, _ in steps], batch_first=True, padding_value=-1),
        pad([torch.tensor(p) for _, p in steps], batch_first=True),
    )


def batches(items: Sequence[Item], seed: int) -> Iterator[Batch]:
    """Every item once, those of like length together, some without marks."""
    rng = random.Random(seed)
    order = rng.sample(range(len(items)), len(items))
    for start in range(0, len(order), POOL * BATCH):
        pool = sorted(order[start : start + POOL * BATCH], key=lambda i: len(items[i].source))
        groups = [pool[at : at + BATCH] for at in range(0, len(pool), BATCH)]
        rng.shuffle(groups)
        for group in groups:
            yield batched([_marked(items[i], rng) for i in group])


def log_probs(net: ParaphraserNet, batch: Batch) -> Tensor:
    """(B, A, V) of every action, given those before."""
    encoded = net.encode(batch.slots, batch.lengths)
    at = batch.places[..., None].expand(-1, -1, encoded.shape[-1])
    found, _ = net.step(encoded.gather(1, at), batch.phone, batch.before)
    return found


def likelihood_loss(found: Tensor, batch: Batch) -> Tensor:
    """Mean nats per action."""
    return functional.nll_loss(found.flatten(0, 1), batch.actions.flatten(), ignore_index=-1)


def preference_loss(found: Tensor, batch: Batch, preferred: Preferences) -> Tensor:
    """Mean over positions of -log sigmoid(BETA (log P_listed - log P_unlisted)).

    P_listed is the chance of all variants that confusions.tsv lists for the canonical phone,
    P_unlisted that of all others, the phone itself and sounds inserted before it apart. The form
    is that of direct preference optimisation (Rafailov et al. 2023) with no reference model and
    with all preferred outputs against all others.
    """
    first = (batch.actions >= 0) & (batch.before == GO_ON)
    listed, unlisted = preferred
    has = first & listed.any(1)[batch.phone]
    scores = found[has]
    of = batch.phone[has]
    good = scores.masked_fill(~listed[of], -torch.inf).logsumexp(-1)
    bad = scores.masked_fill(~unlisted[of], -torch.inf).logsumexp(-1)
    return -functional.logsigmoid(BETA * (good - bad)).mean()


def preferences(found: Rates) -> Preferences:
    """Of the counted rates."""
    listed = torch.zeros(len(SYMBOLS), len(SYMBOLS), dtype=torch.bool)
    unlisted = torch.zeros_like(listed)
    for phone in ENGLISH:
        variants = [INDEX[said[0]] if said else GO_ON for said in found.said[phone]]
        listed[INDEX[phone], variants] = True
        unlisted[INDEX[phone]] = ~listed[INDEX[phone]]
        unlisted[INDEX[phone], [INDEX[phone], *(INDEX[extra] for extra in found.inserted)]] = False
    return Preferences(listed, unlisted)


def usual(found: Rates) -> Tensor:
    """(2, V, V) where training starts: log of the counted rates of the first action at a phone."""
    first = torch.full((len(SYMBOLS), len(SYMBOLS)), RARE)
    for phone in ENGLISH:
        for extra, rate in found.inserted.items():
            first[INDEX[phone], INDEX[extra]] += rate
        for said, rate in found.said[phone].items():
            first[INDEX[phone], INDEX[said[0]] if said else GO_ON] += rate
        first[INDEX[phone], INDEX[phone]] += max(0.1, 1 - sum(found.said[phone].values()))
    after = torch.full_like(first, RARE)
    after[:, GO_ON] = 1
    return torch.stack([first, after]).log()


def train(
    items: Sequence[Item],
    config: ParaphraserConfig,
    epochs: int,
    preference: float,
    counted: Rates,
    seed: int = 0,
) -> ParaphraserNet:
    """A network that has seen the items `epochs` times; `preference` weighs that loss."""
    torch.manual_seed(seed)
    net = ParaphraserNet(config)
    net.usual.data = usual(counted)
    preferred = preferences(counted)
    optimiser = torch.optim.AdamW(net.parameters(), RATE, weight_decay=1e-3)
    steps = epochs * -(-len(items) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, RATE, total_steps=steps + 1, pct_start=0.1, final_div_factor=RATE / LAST_RATE
    )
    started = time.perf_counter()
    told = 0.0
    step = 0
    for epoch in range(epochs):
        for batch in batches(items, seed + epoch):
            found = log_probs(net, batch)
            loss = likelihood_loss(found, batch)
            told = loss.item() if not told else 0.98 * told + 0.02 * loss.item()
            if preference:
                loss = loss + preference * preference_loss(found, batch, preferred)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), CLIP)
            optimiser.step()
            schedule.step()
            step += 1
            if step % 100 == 0:
                spent = time.perf_counter() - started
                print(f"step {step}/{steps}  nats {told:.4f}  {spent:.0f} s", flush=True)
    return net.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", default="paraphraser")
    parser.add_argument("--items", type=int, default=28_000)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--preference", type=float, default=0.1, help="weight; 0 is without")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, help="where the bundle goes; none without")
    args = parser.parse_args()
    torch.set_num_threads(1)
    sampler = material.sampler()
    items = made(args.items, args.seed + 1, sampler)
    net = train(items, ParaphraserConfig(), args.epochs, args.preference, sampler.rates, args.seed)
    material.FOLDER.mkdir(parents=True, exist_ok=True)
    path = material.FOLDER / f"{args.name}.pt"
    torch.save({"config": asdict(net.config), "net": net.state_dict()}, path)
    print(path)
    if args.out:
        facts = {"items": args.items, "epochs": args.epochs, "preference": args.preference}
        print(f"{args.out}: version {bundle.save(args.out, net, facts)}")


if __name__ == "__main__":
    main()
