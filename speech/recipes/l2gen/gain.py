"""What L2-GEN gains: planted errors found at equal false reds, with its paraphrases and without.

`python -m speech.recipes.l2gen.gain --with A B C --without D E F --head NAME` compares listeners
(checkpoints of train.py, a seed each) by the heads of WORK/NAME_head.pt;
`python -m speech.recipes.l2gen.gain --heads 3 --head NAME --fold0 ... --fold1 ...` trains Spanish
heads of one member on what NAME hears, with paraphrases and without, from as many seeds
(`--no-plants`: without the planted errors that they also learn from).
Red begins where a share of the well-read takes would have any: the same share on both sides.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch

from speech.criterion import PRIORS
from speech.judge.head import Head, HeadConfig, by_prior
from speech.recipes.phonetic_rnnt import judge, planted
from speech.recipes.phonetic_rnnt.corpora import WORK, WRONG_BELOW
from speech.recipes.phonetic_rnnt.examples import Example, Planted, gather
from speech.recipes.phonetic_rnnt.metrics import average_precision, resampled

FALSE_REDS = (0.05, 0.10, 0.15)  # share of the well-read takes with any red


class Seen(NamedTuple):
    """One speaker by one model: plants, well-read takes, all sounds."""

    plants: np.ndarray  # (P,) p_wrong of the exchanged sounds
    highest: np.ndarray  # (N,) the greatest p_wrong of each well-read take
    p_wrong: np.ndarray  # (U,) of every sound of every take
    wrong: np.ndarray  # (U,) by the experts


Models = tuple[dict[str, Seen], ...]  # a speaker's name -> what a model makes of them


def see(
    judged: judge.Judge, takes: Sequence[Example], plants: Sequence[Planted]
) -> dict[str, Seen]:
    """Every speaker by one judge."""
    found: dict[str, Seen] = {}
    for speaker in sorted({take.speaker for take in takes}):
        mine = [take for take in takes if take.speaker == speaker]
        p_wrong = [judged(take).p_wrong.numpy() for take in mine]
        well = [
            p for p, take in zip(p_wrong, mine, strict=True) if take.accuracy >= planted.WELL_SAID
        ]
        found[speaker] = Seen(
            np.array(
                [
                    float(judged(plant.example).p_wrong[plant.at])
                    for plant in plants
                    if plant.example.speaker == speaker and plant.pair in planted.PAIRS
                ]
            ),
            np.array([p.max() for p in well]),
            np.concatenate(p_wrong),
            torch.cat([take.score for take in mine]).numpy() < WRONG_BELOW,
        )
    return found


def figures(seen: Sequence[Seen]) -> dict[str, float]:
    """Share of plants found at each share of false reds, and average precision of p_wrong."""
    plants, highest, p_wrong, wrong = (np.concatenate(part) for part in zip(*seen, strict=True))
    found = {
        f"caught at {share:.0%}": float(np.mean(plants > np.quantile(highest, 1 - share)))
        for share in FALSE_REDS
    }
    return found | {"average precision": average_precision(p_wrong, wrong)}


def compare(models: Models, others: Models) -> dict[str, dict[str, Any]]:
    """Each figure of both sides, a seed each, and the mean gain with its interval."""
    sides = [[figures(list(model.values())) for model in side] for side in (models, others)]

    def gain(speakers: Sequence[str]) -> dict[str, float]:
        means = []
        for side in (models, others):
            each = [figures([model[speaker] for speaker in speakers]) for model in side]
            means.append({name: float(np.mean([f[name] for f in each])) for name in each[0]})
        return {name: means[0][name] - means[1][name] for name in means[0]}

    speakers = list(models[0])
    intervals, value = resampled(speakers, str, gain), gain(speakers)
    return {
        name: {
            "with": [round(f[name], 4) for f in sides[0]],
            "without": [round(f[name], 4) for f in sides[1]],
            "gain": round(value[name], 4),
            "interval": [round(q, 4) for q in intervals[name]],
        }
        for name in value
    }


def by_spanish(heads: Mapping[str, Head]) -> judge.Judge:
    """The judge that the product uses."""
    return lambda e: by_prior(heads, "spanish", e.x, e.phones, e.words)


def heads(name: str) -> dict[str, Head]:
    """The heads of both priors that judge.py saved."""
    saved = torch.load(WORK / f"{name}_head.pt", weights_only=True)["heads"]
    found = {prior: Head(HeadConfig()) for prior in PRIORS}
    for prior, head in found.items():
        head.load_state_dict(saved[prior])
        head.eval()
    return found


def listeners(names: Sequence[str], judged: judge.Judge, part: str) -> Models:
    found = []
    for name in names:
        takes, plants = gather({"all": name}, (part,))
        found.append(see(judged, takes[part], plants))
    return tuple(found)


def trained(args: argparse.Namespace) -> tuple[Models, Models]:
    """Spanish heads of one member with paraphrases and without, a seed each."""
    names = {"all": args.head, "0": args.fold0, "1": args.fold1}
    takes, plants = gather(names, ("train", "dev", args.part))
    speakers = {take.speaker for take in takes["train"]}
    learnt = [plant for plant in plants if plant.example.speaker in speakers]
    heard, corpus = judge.paraphrases(args.head), heads(args.head)["corpus"]
    sides: tuple[list[dict[str, Seen]], ...] = ([], [])
    for seed in range(args.heads):
        for side, paraphrased in zip(sides, (heard, []), strict=True):
            head = judge.train(
                takes["train"],
                takes["dev"],
                HeadConfig(members=1),
                epochs=judge.FEWER,
                plants=learnt if args.plants else (),
                paraphrased=paraphrased,
                seed=seed,
            )
            side.append(
                see(by_spanish({"corpus": corpus, "spanish": head}), takes[args.part], plants)
            )
    return tuple(sides[0]), tuple(sides[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", default="report")
    parser.add_argument("--head", required=True, help="NAME that judge.py was run for")
    parser.add_argument("--with", dest="models", nargs="+", default=[], metavar="NAME")
    parser.add_argument("--without", dest="others", nargs="+", default=[], metavar="NAME")
    parser.add_argument("--heads", type=int, default=0, metavar="SEEDS")
    parser.add_argument("--plants", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--fold0")
    parser.add_argument("--fold1")
    args = parser.parse_args()
    if args.heads:
        models, others = trained(args)
    else:
        judged = by_spanish(heads(args.head))
        models = listeners(args.models, judged, args.part)
        others = listeners(args.others, judged, args.part)
    print(json.dumps(compare(models, others), indent=1))


if __name__ == "__main__":
    main()
