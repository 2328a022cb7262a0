"""The figures of a bundle or a checkpoint, with intervals.

`python -m speech.recipes.phonetic_rnnt.evaluate [--suite judge] [--data DIR] [--part report]
 [--json] [--pocketsphinx]` runs `predict` and compares its verdicts with DIR's scores, and judges
takes with planted errors (suite_judge.py).
`--suite listener [--part report] [--checkpoint NAME] [--json]` tells what the listener hears
(suite_listener.py), of the bundle with its speed and size, or of SPEECH_WORK/NAME.pt;
`--suite listener --compare NAME NAME ...` sets checkpoints side by side.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch

from speech.criterion import PRIORS
from speech.engine import Engine
from speech.recipes.phonetic_rnnt import suite_judge, suite_listener, suite_speed
from speech.recipes.phonetic_rnnt.corpora import DATA
from speech.recipes.phonetic_rnnt.metrics import Figure
from speech.recipes.phonetic_rnnt.train import load_averaged
from speech.thresholds import DEFAULT


def plain(value: Any) -> Any:
    """Figures as objects, numbers rounded, what is not a number as null: for JSON."""
    if isinstance(value, Figure):
        return plain(value._asdict())
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 5)
    return value


def lines(value: Any, name: str = "") -> Iterator[str]:
    """A line for every figure, named by its path."""
    if isinstance(value, Figure):
        yield f"{name:44} {value.value:7.3f}  [{value.low:.3f}, {value.high:.3f}]  {value.of:.0f}"
    elif isinstance(value, dict) and any(isinstance(e, dict | Figure) for e in value.values()):
        for key, each in value.items():
            yield from lines(each, f"{name}.{key}".lstrip("."))
    elif isinstance(value, dict):
        yield f"{name:44} " + "  ".join(f"{k} {plain(v)}" for k, v in value.items())
    else:
        yield f"{name:44} {value:7.3f}" if isinstance(value, float) else f"{name:44} {value}"


def listener(args: argparse.Namespace) -> dict[str, Any]:
    torch.set_num_threads(1)
    part = args.part or "report"
    material = suite_listener.Material(part, args.data)
    if args.compare:
        return {
            name: suite_listener.compared(load_averaged(name), material) for name in args.compare
        }
    if args.checkpoint:
        name, folder = args.checkpoint, None
        model = load_averaged(name)
    else:
        folder = args.bundle or DEFAULT
        engine = Engine.load(folder)
        name, model = engine.version, engine.listener
    found = suite_listener.rows(model, material)
    if folder:
        found |= {
            "speed": suite_speed.speed(
                engine, material.folder, {n: who.take for n, who in material.learners.items()}
            ),
            "bundle": suite_speed.weight(folder),
        }
    return {"part": part, "model": name, "bars": suite_listener.against_bars(found)} | found


def judge(args: argparse.Namespace) -> dict[str, Any]:
    found = suite_judge.outcomes(args.data, args.part, args.bundle, args.pocketsphinx, args.prior)
    cohorts = suite_judge.report(found)
    overall = cohorts.pop("all")
    return overall["figures"] | {
        "intervals": overall["intervals"],
        "cohorts": cohorts,
        "frr_children_over_older": suite_judge.frr_ratio(cohorts),
        "planted": suite_judge.plants(args.data, args.part, args.bundle),
        "sounds": suite_judge.by_sound(found),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--suite", choices=("judge", "listener"), default="judge")
    parser.add_argument("--data", type=Path, default=DATA / "speechocean762")
    parser.add_argument("--part", help="only speakers of this part of split.tsv")
    parser.add_argument("--bundle", type=Path)
    parser.add_argument("--prior", choices=PRIORS, default="corpus", help="of the judge's suite")
    parser.add_argument("--checkpoint", help="this listener in the place of the bundle's")
    parser.add_argument("--compare", nargs="+", metavar="NAME", help="checkpoints side by side")
    parser.add_argument("--pocketsphinx", action="store_true", help="its PER on the same takes")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    result = judge(args) if args.suite == "judge" else listener(args)
    print(json.dumps(plain(result), indent=1) if args.json else "\n".join(lines(result)))


if __name__ == "__main__":
    main()
