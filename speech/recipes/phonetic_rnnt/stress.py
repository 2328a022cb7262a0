"""Stage 3b: the models of lexical stress, on evidence from listeners that did not know the speaker.

`python -m speech.recipes.phonetic_rnnt.stress --listener NAME --fold0 NAME --fold1 NAME [--report]`
Speakers of `train` train, in folds to choose the operating points together with `dev`; --report
also measures the `report` speakers. Writes WORK/NAME_stress.pt.

An expert gave the stress of a word 10 or 5, so that a word's mean says how many of the five marked
it. The model learns that share; a word counts as wrong where most of them did.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits as bce
from torch.nn.functional import pad

from speech.findings import StressFinding
from speech.judge import evidence as evidence_of
from speech.judge.stress import Stress, Word, expected, look
from speech.recipes.phonetic_rnnt.corpora import WORK
from speech.recipes.phonetic_rnnt.examples import encode, heard
from speech.recipes.phonetic_rnnt.metrics import average_precision, resampled
from speech.recipes.phonetic_rnnt.points import HOLDS, operating_point
from speech.thresholds import Thresholds

ACCEPTED = 10.0  # score of a word that no expert marked
MOST = 7.0  # ... and the highest of one that most of them marked
UNSURE_PRECISION = 0.4
FALSE_MOVES = 0.05  # share of accepted words that may count as stressed elsewhere
FEWEST = 10  # marks that a precision is believed from
FOLDS = 5
RIDGE = 0.01
RAREST = 4.0  # times that a rare place of the stress may weigh what it should
# Where only probabilities are asked for.
ALL = Thresholds(red=1, unsure=1, extra=0, skipped=0, sounds={})


class Case(NamedTuple):
    speaker: str
    word: Word
    score: float  # the experts' mean, 5..10

    @property
    def marked(self) -> float:
        """The share of the experts that marked it."""
        return (ACCEPTED - self.score) / 5


@torch.inference_mode()
def gather(names: dict[str, str], parts: tuple[str, ...]) -> dict[str, list[Case]]:
    """All words of two syllables and more; `names` as for examples.heard."""
    out: dict[str, list[Case]] = {part: [] for part in parts}
    for part, listener, take, experts, samples in heard(names, parts):
        if all(expected(pattern) is None for pattern in take.stress):
            continue
        reference = evidence_of.symbols([p for word in take.words for p in word])
        log_probs = listener.ctc_log_probs(encode(listener, samples)[None])[0]
        if len(log_probs) < len(reference) + 5:
            continue
        evidence = evidence_of.gather(log_probs, reference)
        words = look(samples, evidence, reference, take.words, take.stress)
        speaker = experts.takes[take.utt_id]["speaker"]
        scores = experts.stress[take.utt_id].values()
        out[part] += [
            Case(speaker, word, score)
            for word, score in zip(words, scores, strict=True)
            if word is not None
        ]
    return out


def train(cases: Sequence[Case]) -> Stress:
    """Both models, one after the other."""
    model = Stress()
    accepted = [case.word for case in cases if case.score == ACCEPTED]
    _fit_prominence(model.prominence, accepted)
    with torch.no_grad():
        x = torch.stack([model.features(case.word) for case in cases])
    marked = torch.tensor([case.marked for case in cases])
    _fit(model.wrong, x, lambda out: bce(out[:, 0], marked))
    return model.eval()


def _fit_prominence(layer: nn.Linear, words: Sequence[Word]) -> None:
    """The stressed syllable of each word, every place of the stress weighing the same.

    So the place itself tells nothing: most English words are stressed on the first syllable.
    """
    sizes = [len(word.syllables) for word in words]
    longest = max(sizes)
    x = torch.stack([pad(w.syllables, (0, 0, 0, longest - len(w.syllables))) for w in words])
    absent = torch.arange(longest) >= torch.tensor(sizes)[:, None]
    truth = torch.tensor([word.expected for word in words])
    places = Counter(zip(sizes, truth.tolist(), strict=True))
    even = {place: Counter(sizes)[place[0]] / place[0] for place in places}
    weights = torch.tensor(
        [even[p] / places[p] for p in zip(sizes, truth.tolist(), strict=True)]
    ).clamp_max(RAREST)

    def loss(out: Tensor) -> Tensor:
        logits = out[..., 0].masked_fill(absent, -1e9)
        each = nn.functional.cross_entropy(logits, truth, reduction="none")
        return (weights * each).sum() / weights.sum()

    _fit(layer, x, loss, present=~absent)


def _fit(
    layer: nn.Linear, x: Tensor, loss: Callable[[Tensor], Tensor], present: Tensor | None = None
) -> None:
    """Ridge-regularised least loss over (..., F) features, each first brought to unit variance."""
    seen = x[present] if present is not None else x
    mean, scale = seen.mean(0), seen.std(0).clamp_min(1e-3)
    if layer.bias is None:
        mean = torch.zeros_like(mean)
    unit = nn.Linear(layer.in_features, 1, bias=layer.bias is not None)
    nn.init.zeros_(unit.weight)
    optimiser = torch.optim.LBFGS(unit.parameters(), max_iter=300, line_search_fn="strong_wolfe")

    def step() -> float:
        optimiser.zero_grad()
        value = loss(unit((x - mean) / scale)) + RIDGE * unit.weight.square().sum()
        value.backward()
        return value.item()

    optimiser.step(step)
    with torch.no_grad():
        layer.weight.copy_(unit.weight / scale)
        if layer.bias is not None:
            layer.bias.copy_(unit.bias - (layer.weight @ mean))


def judged(model: Stress, cases: Sequence[Case]) -> list[StressFinding]:
    return [model.judge(case.word, ALL) for case in cases]


def crossfitted(cases: Sequence[Case]) -> list[StressFinding]:
    """Each judged by a model of the other speakers."""
    fold = {s: n % FOLDS for n, s in enumerate(sorted({case.speaker for case in cases}))}
    models = [train([c for c in cases if fold[c.speaker] != n]) for n in range(FOLDS)]
    return [models[fold[case.speaker]].judge(case.word, ALL) for case in cases]


def operating_points(
    cases: Sequence[Case], found: Sequence[StressFinding], moved: Sequence[float]
) -> dict[str, float]:
    """Of Thresholds, by precision among the words where another syllable stood out.

    `moved`: the chance that it did.
    """
    told = [n for n, finding in enumerate(found) if finding.heard != finding.expected]
    p_wrong = np.array([found[n].p_wrong for n in told])
    wrong = np.array([cases[n].score <= MOST for n in told])

    def point(precision: float) -> float:
        value = operating_point(p_wrong, np.where(wrong, 1.0, -1.0), precision)
        marked = p_wrong >= value
        enough = marked.sum() >= FEWEST and wrong[marked].mean() >= precision
        return value if enough else 1.0

    accepted = [m for m, case in zip(moved, cases, strict=True) if case.score == ACCEPTED]
    return {
        "stress_wrong": point(HOLDS),
        "stress_unsure": point(UNSURE_PRECISION),
        "stress_moved": float(np.quantile(accepted, 1 - FALSE_MOVES)),
    }


def marks(p_wrong: ArrayLike, scores: ArrayLike) -> dict[str, float]:
    """Share of words that experts marked, by their (N,) scores, and average precision of p_wrong.

    `any`: at least one expert marked the word; `most`: most of them.
    """
    out: dict[str, float] = {}
    for name, wrong in (
        ("any", np.asarray(scores) < ACCEPTED),
        ("most", np.asarray(scores) <= MOST),
    ):
        base = float(wrong.mean()) if len(wrong) else 0.0
        ap = average_precision(p_wrong, wrong)
        out[f"marked_by_{name}"] = base
        out[f"marked_by_{name}_ap"] = ap
        out[f"marked_by_{name}_ap_over_base"] = ap / base if base else 0.0
    return out


def figures(cases: Sequence[tuple[Case, StressFinding]]) -> dict[str, float]:
    """The same of a list of words, and how often the right syllable is heard."""
    p_wrong = [finding.p_wrong for _, finding in cases]
    out = {"words": float(len(cases))} | marks(p_wrong, [case.score for case, _ in cases])
    accepted = [(f.heard, f.expected) for case, f in cases if case.score == ACCEPTED]
    for place, name in ((0, "first"), (1, "later")):
        right = [heard == at for heard, at in accepted if min(at, 1) == place]
        out[f"heard_{name}"] = float(np.mean(right)) if right else 0.0
    return out


def told(name: str, cases: Sequence[Case], found: Sequence[StressFinding]) -> None:
    """Print the figures of some speakers with their intervals."""
    both = list(zip(cases, found, strict=True))
    spread = resampled(both, lambda item: item[0].speaker, figures)
    print(name, json.dumps({k: round(v, 4) for k, v in figures(both).items()}))
    print(name, json.dumps({k: [round(q, 4) for q in v] for k, v in spread.items()}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listener", required=True)
    parser.add_argument("--fold0", required=True)
    parser.add_argument("--fold1", required=True)
    parser.add_argument("--report", action="store_true", help="measure the report speakers too")
    args = parser.parse_args()
    names = {"all": args.listener, "0": args.fold0, "1": args.fold1}
    parts = ("train", "dev", *(("report",) if args.report else ()))
    cases = gather(names, parts)
    model = train(cases["train"])
    found = {part: judged(model, cases[part]) for part in parts}
    found["train"] = crossfitted(cases["train"])
    both = cases["train"] + cases["dev"]
    with torch.no_grad():
        moved = [1 - float(model.stood_out(c.word)[c.word.expected].exp()) for c in both]
    points = operating_points(both, found["train"] + found["dev"], moved)
    for part in parts:
        told(part, cases[part], found[part])
    print(json.dumps(points))
    saved = {"stress": model.state_dict(), "thresholds": points}
    torch.save(saved, WORK / f"{args.listener}_stress.pt")


if __name__ == "__main__":
    main()
