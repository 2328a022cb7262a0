"""Stage 4: the bundle that ships: weights in float16, config, model card.

`python -m speech.recipes.phonetic_rnnt.export --listener NAME [--out speech/bundles/listener]`
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from speech.judge import bundle
from speech.judge.head import Head, HeadConfig
from speech.judge.stress import Stress
from speech.recipes.phonetic_rnnt.corpora import WORK
from speech.recipes.phonetic_rnnt.train import load_averaged
from speech.thresholds import DEFAULT, Thresholds

ATTRIBUTIONS = {
    "speechocean762": "Zhang et al., Interspeech 2021, CC BY 4.0",
    "LJSpeech (LJ001, LJ002)": "Keith Ito, public domain",
    "GCompris voices": "Smart4Kids (Spanish) and art4apps (English), CC BY-SA",
    "ESC-10 noises": "K. J. Piczak, from freesound clips, CC BY 3.0",
    "synthetic speech": "flite, espeak-ng",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listener", required=True)
    parser.add_argument("--out", type=Path, default=DEFAULT)
    args = parser.parse_args()
    saved = torch.load(WORK / f"{args.listener}_head.pt", weights_only=True)
    heads = {name: Head(HeadConfig()) for name in saved["heads"]}
    for name, head in heads.items():
        head.load_state_dict(saved["heads"][name])
    text_head = heads.pop("text")
    stressed = torch.load(WORK / f"{args.listener}_stress.pt", weights_only=True)
    stress = Stress()
    stress.load_state_dict(stressed["stress"])
    state = torch.load(WORK / f"{args.listener}.pt", weights_only=True)
    version = bundle.save(
        args.out,
        load_averaged(args.listener),
        heads,
        text_head,
        stress,
        {
            prior: Thresholds(**points | stressed["thresholds"])
            for prior, points in saved["thresholds"].items()
        },
        {
            "licence": "CC BY-SA 4.0",
            "attributions": ATTRIBUTIONS,
            "training": {"name": args.listener, "hours_seen": round(state["seen"], 1)},
        },
    )
    size = sum(f.stat().st_size for f in args.out.iterdir()) / 1e6
    print(f"{args.out}: version {version}, {size:.1f} MB")


if __name__ == "__main__":
    main()
