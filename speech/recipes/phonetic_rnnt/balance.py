"""Take back the pull toward a phone that learners' labels gave the CTC branch.

`python -m speech.recipes.phonetic_rnnt.balance NAME IH` prints, for shifts of that phone's bias in
nats, how often its planted pairs are told right on `dev`, either way round, and the PER of
well-scored takes. With `--by -1.0` it writes WORK/NAME_balanced.pt. Learners say many an IH as IY
and are scored well; trained toward the label, a listener hears IH in both.
"""

from __future__ import annotations

import argparse

import torch

from speech.phones import INDEX
from speech.recipes.phonetic_rnnt import suite_listener as suite
from speech.recipes.phonetic_rnnt.corpora import WORK
from speech.recipes.phonetic_rnnt.planted import PAIRS, REVERSED
from speech.recipes.phonetic_rnnt.train import load_averaged, save

SHIFTS = (0.0, -0.4, -0.8, -1.0, -1.2, -1.6)


def table(name: str, phone: str) -> None:
    """Print the figures at every shift."""
    model, material = load_averaged(name), suite.Material("dev")
    sounds = material.of_learners()
    plants = [plant for plant in material.plants if phone in plant.pair]
    for shift in SHIFTS:
        with torch.no_grad():
            model.ctc.bias[INDEX[phone]] += shift
        hearings = suite.hear(model, sounds)
        weighed = suite.weigh(model, plants, material.learners, hearings)
        figures = [suite.two_choices(weighed, pairs)["ctc"]["all"] for pairs in (PAIRS, REVERSED)]
        figures.append(suite.per_good(material.learners, hearings)["ctc"]["all"])
        print(shift, *(f"{figure.value:.3f}" for figure in figures), flush=True)
        with torch.no_grad():
            model.ctc.bias[INDEX[phone]] -= shift


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("phone", choices=sorted(INDEX))
    parser.add_argument("--by", type=float, help="nats")
    args = parser.parse_args()
    if args.by is None:
        table(args.name, args.phone)
        return
    state = torch.load(WORK / f"{args.name}.pt", "cpu", weights_only=True)
    state["averaged"]["ctc.bias"][INDEX[args.phone]] += args.by
    save(WORK / f"{args.name}_balanced.pt", state)


if __name__ == "__main__":
    main()
