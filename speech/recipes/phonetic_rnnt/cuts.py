"""Where a recording may be cut between two phones: the lowest energy between their CTC peaks.

`python -m speech.recipes.phonetic_rnnt.cuts --checkpoint NAME|BUNDLE` writes WORK/cuts.json:
for every training take a list of [labels before the cut, feature frame]. Pieces put together
anew (dataset.py) keep the encoder from learning sentences by heart.
"""

from __future__ import annotations

import argparse
import json

import torch
from torch import Tensor
from torchaudio.functional import forced_align, merge_tokens

from speech.listener.model import STRIDE
from speech.recipes.phonetic_rnnt import labels
from speech.recipes.phonetic_rnnt.corpora import WORK
from speech.recipes.phonetic_rnnt.dataset import Features
from speech.recipes.phonetic_rnnt.prepare import read_manifest
from speech.recipes.phonetic_rnnt.train import load_averaged

DIP = 0.25  # of a normalised log-mel unit, under the quieter of both phones
PAUSE = 4  # encoder frames between two peaks that make a cut safe without a dip


def cuts(features: Tensor, log_probs: Tensor, wanted: tuple[str, ...]) -> list[tuple[int, int]]:
    """(T, 80) features, (T', V) log posteriors -> (labels before it, feature frame) of each cut."""
    targets = torch.tensor([[labels.encode(label) for label in wanted]], dtype=torch.int32)
    path, scores = forced_align(labels.widen(log_probs)[None], targets)
    peaks = [
        int((span.start + span.end - 1) / 2 * STRIDE)
        for span in merge_tokens(path[0], scores[0].exp())
    ]
    energy = features.mean(1)
    found = []
    for at, (left, right) in enumerate(zip(peaks, peaks[1:], strict=False), start=1):
        between = energy[left : right + 1]
        lowest = int(between.argmin())
        dip = float(torch.minimum(between[0], between[-1]) - between[lowest])
        if dip >= DIP or right - left >= PAUSE * STRIDE:
            found.append((at, left + lowest))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", required=True)
    model = load_averaged(parser.parse_args().checkpoint)
    store = Features()
    out = {}
    with torch.inference_mode():
        for utterance in read_manifest(WORK / "manifest.jsonl"):
            if utterance.part != "train":
                continue
            features = store.get(utterance.id)
            log_probs = model.ctc_log_probs(model.encoder(features[None]))[0]
            if len(log_probs) > len(utterance.labels) + 2:
                out[utterance.id] = cuts(features, log_probs, utterance.labels)
    (WORK / "cuts.json").write_text(json.dumps(out))
    print(f"{sum(map(len, out.values()))} cuts in {len(out)} takes")


if __name__ == "__main__":
    main()
