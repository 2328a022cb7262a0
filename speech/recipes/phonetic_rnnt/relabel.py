"""Weak supervision: of a word's accepted pronunciations, the one that a listener hears.

`python -m speech.recipes.phonetic_rnnt.relabel --checkpoint NAME|BUNDLE` writes WORK/labels.json,
which training prefers to the manifest, and prints how many words changed since the last round. To
be repeated with the better listener that it gives (the published phonetic RNN-T labels its
code-mixed data so). One word is exchanged at a time, by the likelihood of the whole take.
"""

from __future__ import annotations

import argparse
import json

import torch

from speech.judge import evidence
from speech.recipes.phonetic_rnnt.corpora import WORK
from speech.recipes.phonetic_rnnt.dataset import Features
from speech.recipes.phonetic_rnnt.prepare import LABELS, read_manifest
from speech.recipes.phonetic_rnnt.train import load_averaged


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", required=True)
    model = load_averaged(parser.parse_args().checkpoint)
    store = Features()
    before = json.loads(LABELS.read_text()) if LABELS.exists() else {}
    out, changed, words = {}, 0, 0
    with torch.inference_mode():
        for utterance in read_manifest(WORK / "manifest.jsonl"):
            if utterance.part != "train" or all(len(word) == 1 for word in utterance.choices):
                continue
            encoded = model.encoder(store.get(utterance.id)[None])
            log_probs = model.ctc_log_probs(encoded)[0]
            if len(log_probs) <= len(utterance.labels) + 10:
                continue
            chosen = evidence.choose(log_probs, utterance.choices)
            last = before.get(utterance.id) or [word[0] for word in utterance.choices]
            changed += sum(tuple(a) != b for a, b in zip(last, chosen, strict=True))
            words += len(chosen)
            out[utterance.id] = chosen
    LABELS.write_text(json.dumps(out))
    print(f"{changed} of {words} words changed, in {len(out)} takes")


if __name__ == "__main__":
    main()
