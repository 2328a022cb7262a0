"""Does the paraphraser make the errors that people make?

`python -m speech.recipes.l2gen.evaluate [--bundle DIR] [--without DIR] [--held-out] [--json]`
compares with the 300 real pairs of ERMS and NJS (`--held-out`: with speakers of the sampler, to
choose settings by). Intervals: 95 %, utterances resampled.

- found: share of people's error tokens (pairs.Error: the same edit at the same canonical phone;
  an insertion is the same sound before the same phone, counted as often as it is there) that at
  least one of the candidates makes; of the full system, plain beam search, the rules alone (10
  samples; the 10 likeliest of SAMPLED distinct ones), and without preference loss (--without).
- rates: errors per canonical phone that the model samples, and people's.
- nats: log likelihood per perceived phone of model (a lower bound) and rules, exact; `speakers` is
  with the speaker marginalised by Monte Carlo, `rules` with chances averaged at every phone.
- distinct: sequences among the candidates.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
import torch

from speech.paraphraser import bundle
from speech.paraphraser.decode import PLAIN, SEARCH, Search, nbest, samples
from speech.paraphraser.model import ParaphraserNet
from speech.paraphraser.source import Source, of_phones, of_words, without_marks
from speech.recipes.l2gen import likelihood, material, pairs
from speech.recipes.l2gen.pairs import Error, RealPair
from speech.recipes.l2gen.rules import Sampler
from speech.recipes.phonetic_rnnt.evaluate import lines, plain
from speech.recipes.phonetic_rnnt.metrics import Figure, resampled

N = 10
SAMPLED = 200  # of which the rules' likeliest are taken
DRAWS = 10  # samples of the model for its rates
SPEAKERS = 256  # over whom the rules' likelihood is marginalised
RESAMPLES = 1000
HELD_OUT_SEED = 4242

Phones = tuple[str, ...]
Candidates = Callable[[Source], Sequence[Phones]]


@dataclass(frozen=True)
class Outcome:
    """Counts of one utterance, from which every figure is a ratio of sums."""

    unit: str
    sums: Mapping[str, float]


def held_out(count: int, sampler: Sampler) -> list[RealPair]:
    """Pairs like the real ones, said by speakers of the sampler whom training did not know."""
    rng = np.random.default_rng(HELD_OUT_SEED)
    found: list[RealPair] = []
    for words in islice(material.items(HELD_OUT_SEED, dictionary=False), count):
        source = without_marks(of_words(words))
        source = tuple(replace(s, phone="AA") if s.phone == "AO" else s for s in source)
        said = [sound for sounds in sampler.sample(source, rng) for sound in sounds]
        canonical = tuple(slot.phone for slot in source)
        found.append(RealPair("", str(len(found)), canonical, tuple(pairs.folded(said))))
    return found


def by_search(net: ParaphraserNet, search: Search) -> Candidates:
    def found(source: Source) -> list[Phones]:
        return [_flat(each.said) for each in nbest(net, source, N, search)]

    return found


def by_rules(sampler: Sampler, seed: int = 1) -> Candidates:
    """Ten samples, each of another speaker."""
    rng = np.random.default_rng(seed)

    def found(source: Source) -> list[Phones]:
        return [_flat(said) for said in sampler.say(source, sampler.habits(N, rng), rng)]

    return found


def by_likeliest(sampler: Sampler, seed: int = 2) -> Candidates:
    """The likeliest distinct of many samples, by the independent sampler's chance."""
    rng = np.random.default_rng(seed)

    def found(source: Source) -> list[Phones]:
        said = sampler.say(source, sampler.habits(SAMPLED, rng), rng)
        ranked = sorted(said, key=lambda each: -sampler.log_chance(source, each))
        return list(dict.fromkeys(_flat(each) for each in ranked))[:N]

    return found


def _flat(said: Sequence[Sequence[str]]) -> Phones:
    return tuple(sound for sounds in said for sound in sounds)


def outcome(
    pair: RealPair,
    systems: Mapping[str, Candidates],
    net: ParaphraserNet,
    sampler: Sampler,
    generator: torch.Generator,
) -> Outcome:
    """All that is counted of one pair."""
    source = of_phones(pair.canonical)
    people = pairs.errors(pair.canonical, pair.perceived)
    sums = {"phones": float(len(source)), "errors": float(people.total()), "utterances": 1.0}
    _add_rates(sums, "people", people)
    for name, candidates in systems.items():
        said = candidates(source)
        made = [pairs.errors(pair.canonical, pairs.folded(each)) for each in said]
        most: Counter[Error] = Counter()
        for each in made:
            most |= each
        sums[f"found {name}"] = float((people & most).total())
        sums[f"proposed {name}"] = sum(each.total() for each in made) / len(made)
        sums[f"distinct {name}"] = float(len(set(said)))
    for draw in samples(net, source, DRAWS, generator):
        drawn = pairs.errors(pair.canonical, pairs.folded(_flat(draw)))
        _add_rates(sums, "model", drawn, 1 / DRAWS)
    masks = pairs.masks(pair.perceived)
    sums["perceived"] = float(sum(sound != pairs.UNNAMED for sound in pair.perceived))
    ahead = likelihood.to_come(sampler, source, masks)
    sums["nats model"] = likelihood.by_model(net, source, masks, ahead, generator)
    sums["nats rules"] = float(likelihood.by_rules(sampler, source, masks)[0])
    drawn_speakers = sampler.habits(SPEAKERS, np.random.default_rng(3))
    by_speaker = likelihood.by_rules(sampler, source, masks, drawn_speakers)
    sums["nats speakers"] = float(np.logaddexp.reduce(by_speaker) - np.log(SPEAKERS))
    return Outcome(f"{pair.speaker} {pair.utterance}", sums)


def _add_rates(
    sums: dict[str, float], who: str, found: Counter[Error], weight: float = 1.0
) -> None:
    for kind, rate in pairs.rates(found, 1).items():
        sums[f"{kind} {who}"] = sums.get(f"{kind} {who}", 0.0) + weight * rate


def figures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Every figure, by name, over all outcomes."""
    total: Counter[str] = Counter()
    for each in outcomes:
        total.update(each.sums)
    found = {}
    names = [name.removeprefix("found ") for name in total if name.startswith("found ")]
    for name in names:
        found[f"found.{name}"] = total[f"found {name}"] / total["errors"]
    for name in names[1:]:
        found[f"found.{names[0]} - {name}"] = found[f"found.{names[0]}"] - found[f"found.{name}"]
    for name in names:
        found[f"errors_a_phone.{name}"] = total[f"proposed {name}"] / total["phones"]
    for kind in ("all", *pairs.KINDS):
        people, model = total[f"{kind} people"], total[f"{kind} model"]
        found[f"rate.{kind}.people"] = people / total["phones"]
        found[f"rate.{kind}.model"] = model / total["phones"]
        found[f"rate.{kind}.ratio"] = model / people if people else float("nan")
        if kind != "all":
            found[f"split.{kind}.people"] = people / total["all people"]
            found[f"split.{kind}.model"] = model / total["all model"]
    for name in ("model", "rules", "speakers"):
        found[f"nats.{name}"] = total[f"nats {name}"] / total["perceived"]
    for name in ("rules", "speakers"):
        found[f"nats.model - {name}"] = found["nats.model"] - found[f"nats.{name}"]
    for name in names:
        found[f"distinct.{name}"] = total[f"distinct {name}"] / total["utterances"]
    return found


def evaluate(
    net: ParaphraserNet,
    without: ParaphraserNet | None,
    sampler: Sampler,
    real: Sequence[RealPair],
    search: Search = SEARCH,
) -> dict[str, Figure]:
    """Every figure with its interval, and the least number of distinct candidates."""
    systems = {
        "full": by_search(net, search),
        "plain": by_search(net, PLAIN),
        "rules": by_rules(sampler),
        "likeliest": by_likeliest(sampler),
    }
    if without:
        systems["no preference"] = by_search(without, search)
    generator = torch.Generator().manual_seed(0)
    outcomes = [outcome(pair, systems, net, sampler, generator) for pair in real]
    intervals = resampled(outcomes, lambda each: each.unit, figures, RESAMPLES)
    found = {
        name: Figure(value, intervals[name][0], intervals[name][1], len(outcomes))
        for name, value in figures(outcomes).items()
    }
    least = min(each.sums["distinct full"] for each in outcomes)
    return found | {"distinct.full.least": Figure(least, least, least, len(outcomes))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, default=bundle.DEFAULT)
    parser.add_argument("--without", type=Path, help="a bundle trained without preference loss")
    parser.add_argument("--held-out", action="store_true", help="of the sampler, not of people")
    parser.add_argument("--pairs", type=int, default=300)
    parser.add_argument("--diversity", type=float, default=SEARCH.diversity)
    parser.add_argument("--repeat", type=float, default=SEARCH.repeat)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    torch.set_num_threads(1)
    sampler = material.sampler()
    real = held_out(args.pairs, sampler) if args.held_out else pairs.real()[: args.pairs]
    without = bundle.load(args.without)[0] if args.without else None
    search = replace(SEARCH, diversity=args.diversity, repeat=args.repeat)
    found = evaluate(bundle.load(args.bundle)[0], without, sampler, real, search)
    print(json.dumps(plain(found), indent=1) if args.json else "\n".join(lines(found)))


if __name__ == "__main__":
    main()
