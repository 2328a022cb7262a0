"""Free decoding: what was heard, with no text to expect.

Greedy and by beam, over the CTC branch, over the transducer, or by both: the CTC branch's beam,
scored anew by the two together.

No phone language model: one lowers the error rate on `dev`, but of the errors synthesised into
English words it turns one more in seven into the right sound. One that is taught Spanish speakers'
errors too turns but one more in forty, and gains some 1.5 points; one over classes of sounds that
are mistaken for each other gains nothing on well-scored takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import pad
from torch.nn.utils.rnn import pad_sequence
from torchaudio.functional import forced_align, merge_tokens, rnnt_loss

from speech.judge.evidence import likelihoods
from speech.listener.features import HOP, RATE
from speech.listener.model import STRIDE, Listener
from speech.phones import SYMBOLS

FRAME_S = STRIDE * HOP / RATE
MAX_PER_FRAME = 4  # phones a transducer may emit without moving on
TAIL = 4  # frames that a phone may go on after the last that its alignment gives it


class Search(NamedTuple):
    """A way to decode; a beam of 1 is greedy."""

    by: Literal["ctc", "transducer", "joint"]
    beam: int


# Chosen on `dev`: python -m speech.recipes.phonetic_rnnt.decoding prints what to set here.
SEARCH = Search("ctc", 8)
TRANSDUCER_SHARE = 0.3  # of a joint log likelihood
TEMPERATURE = 1.5  # by which the log odds of a posterior are divided to make a confidence


class Heard(NamedTuple):
    """A phone, its time and the chance that it was said (a calibrated posterior)."""

    phone: str
    start_s: float
    end_s: float
    confidence: float


class Hypothesis(NamedTuple):
    """One reading of a take and its log probability under the search's model."""

    phones: tuple[Heard, ...]
    log_prob: float


class Candidate(NamedTuple):
    """A sequence of symbol indices and its log probability, summed over alignments."""

    symbols: tuple[int, ...]
    log_prob: float


@torch.inference_mode()
def decode(
    model: Listener,
    encoded: Tensor,
    log_probs: Tensor,
    search: Search = SEARCH,
    nbest: int = 1,
    duration_s: float = float("inf"),
) -> list[Hypothesis]:
    """The `nbest` likeliest readings, all different, best first; at least one, maybe of nothing.

    `encoded` (T, hidden) are a take's encoder frames, `log_probs` (T, V) its CTC log posteriors,
    `duration_s` where it ends. Whatever found the phones, the CTC branch says when they were.
    """
    if search.by == "transducer":
        found = beam_transducer(model, encoded, search.beam)
        found = [each for each in found if _fits(each.symbols, len(log_probs))]
    else:
        found = beam_ctc(log_probs, search.beam)
        if search.by == "joint":
            found = rescored(model, encoded, log_probs, found)
    return [
        Hypothesis(tuple(_located(log_probs, each.symbols, duration_s)), each.log_prob)
        for each in (found or [Candidate((), 0.0)])[:nbest]
    ]


def greedy_ctc(log_probs: Tensor) -> list[Heard]:
    """(T, V) log posteriors -> best path, repeats merged, blanks dropped."""
    best, indices = log_probs.max(-1)
    return _spans(indices, best)


@torch.no_grad()
def greedy_transducer(model: Listener, encoded: Tensor) -> list[Heard]:
    """(T, hidden) encoder frames -> the phones of the best symbol at every step."""
    projected = model.project(encoded)  # (T, joint)
    token = torch.zeros(1, 1, dtype=torch.long)
    predicted, state = model.predictor(token)
    emitted: list[tuple[int, int, int, float]] = []
    for frame in range(len(projected)):
        for _ in range(MAX_PER_FRAME):
            logits = model.joint((projected[frame] + predicted[0, 0]).tanh())
            index = int(logits.argmax())
            if index == 0:
                break
            probability = float(logits.softmax(-1)[index])
            emitted.append((index, frame, frame + 1, probability))
            token[0, 0] = index
            predicted, state = model.predictor(token, state)
    return _timed(emitted, len(projected))


class Prefixes:
    """Phone sequences by number; 0 is the empty one, any other a shorter one and a last phone."""

    def __init__(self) -> None:
        self._links = [(0, 0)]
        self._numbers: dict[tuple[int, int], int] = {}

    def longer(self, prefix: int, symbol: int) -> int:
        """The number of a prefix with one more phone."""
        number = self._numbers.setdefault((prefix, symbol), len(self._links))
        if number == len(self._links):
            self._links.append((prefix, symbol))
        return number

    def symbols(self, prefix: int) -> tuple[int, ...]:
        out = []
        while prefix:
            prefix, symbol = self._links[prefix]
            out.append(symbol)
        return tuple(reversed(out))


def beam_ctc(log_probs: Tensor, beam: int) -> list[Candidate]:
    """(T, V) log posteriors -> up to `beam` sequences, likeliest first.

    Prefix beam search (Hannun et al. 2014, arXiv 1408.2873): the alignments of one sequence add
    up, so that the log probabilities are exact where nothing was pruned.
    """
    if beam == 1:
        path = log_probs.argmax(-1).unique_consecutive()
        best = path[path != 0]
        return [Candidate(tuple(best.tolist()), float(likelihoods(log_probs, [best])))]
    prefixes = Prefixes()
    own, parents, last = np.zeros(1, int), np.full(1, -1), np.zeros(1, int)
    blank, voiced = np.zeros(1), np.full(1, -np.inf)  # by what an alignment ends in
    for frame in log_probs.double().numpy():
        size, rows = len(own), np.arange(len(own))
        total = np.logaddexp(blank, voiced)
        grown = total[:, None] + frame  # (K, V)
        grown[rows, last] = blank + frame[last]  # the same phone again needs a blank between
        grown[:, 0] = -np.inf
        blank, voiced = total + frame[0], voiced + frame[last]
        # What grows into a prefix that is in the beam already adds to it.
        shorter, held = np.nonzero(own[:, None] == parents)
        voiced[held] = np.logaddexp(voiced[held], grown[shorter, last[held]])
        grown[shorter, last[held]] = -np.inf
        scores = np.concatenate([np.logaddexp(blank, voiced), grown.ravel()])
        best = np.argpartition(-scores, min(beam, len(scores)) - 1)[:beam]
        best = best[np.isfinite(scores[best])]
        kept, new = best[best < size], best[best >= size] - size
        above, symbol = np.divmod(new, len(frame))
        numbers = [
            prefixes.longer(p, s) for p, s in zip(own[above].tolist(), symbol.tolist(), strict=True)
        ]
        blank = np.concatenate([blank[kept], np.full(len(new), -np.inf)])
        voiced = np.concatenate([voiced[kept], grown[above, symbol]])
        parents = np.concatenate([parents[kept], own[above]])
        last = np.concatenate([last[kept], symbol])
        own = np.concatenate([own[kept], np.array(numbers, int)])
    return _sorted(prefixes, zip(own.tolist(), np.logaddexp(blank, voiced).tolist(), strict=True))


class _Step(NamedTuple):
    """A hypothesis in the transducer's beam after some step."""

    log_prob: float
    parent: int  # its row in the beam before
    symbol: int  # emitted just now; 0: moved on instead
    frame: int
    here: int  # phones emitted in this frame


@torch.no_grad()
def beam_transducer(model: Listener, encoded: Tensor, beam: int) -> list[Candidate]:
    """(T, hidden) encoder frames -> up to `beam` sequences, likeliest first.

    Alignment-length synchronous (Saon et al., ICASSP 2020): every step takes each hypothesis one
    phone or one frame further, so that alignments of one sequence meet and add up, and the
    predictor and joiner run once a step for all of them.
    """
    projected = model.project(encoded)  # (T, joint)
    axis = 1 if model.config.memory == "lstm" else 0  # of a predictor's state: hypotheses
    prefixes = Prefixes()
    final: dict[int, float] = {}
    predicted, state = model.predictor(torch.zeros(1, 1, dtype=torch.long))
    live = {0: _Step(0.0, 0, 0, 0, 0)} if len(projected) else {}
    while live:
        steps = list(live.values())
        at = projected[[step.frame for step in steps]]
        logits = model.joint((at + predicted[:, 0]).tanh())  # (K, V)
        scores = logits.log_softmax(-1) + torch.tensor([[s.log_prob] for s in steps])
        likely = scores[:, 1:].topk(min(beam, scores.shape[1] - 1))
        rows = zip(
            live,
            steps,
            scores[:, 0].tolist(),
            likely.values.tolist(),
            (likely.indices + 1).tolist(),
            strict=True,
        )
        reached: dict[int, _Step] = {}
        for row, (prefix, step, moved, gains, phones) in enumerate(rows):
            _reach(reached, prefix, _Step(moved, row, 0, step.frame + 1, 0))
            if step.here < MAX_PER_FRAME:
                for gain, phone in zip(gains, phones, strict=True):
                    grown = _Step(gain, row, phone, step.frame, step.here + 1)
                    _reach(reached, prefixes.longer(prefix, phone), grown)
        best = sorted(reached.items(), key=lambda item: -item[1].log_prob)[:beam]
        live = {prefix: step for prefix, step in best if step.frame < len(projected)}
        final |= {prefix: step.log_prob for prefix, step in best if prefix not in live}
        ends = sorted(final.values(), reverse=True)
        # What is live can only become less likely.
        if not live or ends[beam - 1 : beam] > [next(iter(live.values())).log_prob]:
            break
        parents = torch.tensor([step.parent for step in live.values()])
        predicted = predicted[parents]
        state = (state[0].index_select(axis, parents), state[1].index_select(axis, parents))
        grew = [row for row, step in enumerate(live.values()) if step.symbol]
        if grew:
            index = torch.tensor(grew)
            tokens = torch.tensor([[step.symbol] for step in live.values() if step.symbol])
            before = (state[0].index_select(axis, index), state[1].index_select(axis, index))
            predicted[index], after = model.predictor(tokens, before)
            for whole, part in zip(state, after, strict=True):
                whole.index_copy_(axis, index, part)
    return _sorted(prefixes, final.items())[:beam]


def _reach(reached: dict[int, _Step], prefix: int, step: _Step) -> None:
    """Add an alignment to those that gave the same prefix at this step."""
    other = reached.get(prefix)
    if other is not None:
        total = float(np.logaddexp(other.log_prob, step.log_prob))
        step = step._replace(log_prob=total, here=min(other.here, step.here))
    reached[prefix] = step


def rescored(
    model: Listener, encoded: Tensor, log_probs: Tensor, found: Sequence[Candidate]
) -> list[Candidate]:
    """Candidates by their exact CTC and transducer log likelihoods, weighed and sorted anew."""
    sequences = [torch.tensor(each.symbols, dtype=torch.long) for each in found]
    ctc = likelihoods(log_probs, sequences)
    both = torch.lerp(ctc, transducer_likelihoods(model, encoded, sequences), TRANSDUCER_SHARE)
    out = [Candidate(c.symbols, p) for c, p in zip(found, both.tolist(), strict=True)]
    return sorted(out, key=lambda each: -each.log_prob)


@torch.no_grad()
def transducer_likelihoods(model: Listener, encoded: Tensor, sequences: Sequence[Tensor]) -> Tensor:
    """(T, hidden) frames and N phone sequences -> (N,) log likelihoods over all alignments."""
    lengths = torch.tensor([len(s) for s in sequences], dtype=torch.int32)
    targets = pad_sequence(list(sequences), batch_first=True)
    predicted, _ = model.predictor(pad(targets, (1, 0)))
    logits = model.joiner(encoded[None], predicted)  # (N, T, U + 1, V)
    frames = torch.full((len(sequences),), len(encoded), dtype=torch.int32)
    return -rnnt_loss(logits, targets.int(), frames, lengths, blank=0, reduction="none")


def _sorted(prefixes: Prefixes, scores: Iterable[tuple[int, float]]) -> list[Candidate]:
    out = [Candidate(prefixes.symbols(number), score) for number, score in scores]
    return sorted(out, key=lambda each: -each.log_prob)


def _fits(symbols: Sequence[int], frames: int) -> bool:
    """Whether the CTC branch can align so many phones, equal neighbours a blank apart."""
    repeats = sum(a == b for a, b in zip(symbols, symbols[1:], strict=False))
    return len(symbols) + repeats <= frames


def _located(log_probs: Tensor, symbols: Sequence[int], duration_s: float) -> list[Heard]:
    """Phones with the times and posteriors of their forced alignment."""
    if not symbols:
        return []
    path, scores = forced_align(log_probs[None], torch.tensor([symbols], dtype=torch.int32))
    return _spans(path[0], scores[0], duration_s)


def _spans(path: Tensor, scores: Tensor, duration_s: float = float("inf")) -> list[Heard]:
    """(T,) symbols of an alignment and (T,) log posteriors -> its phones."""
    spans = merge_tokens(path, scores)
    emitted = [
        (span.token, span.start, span.end, float(scores[span.start : span.end].max().exp()))
        for span in spans
    ]
    return _timed(emitted, len(path), duration_s)


def _timed(
    emitted: Sequence[tuple[int, int, int, float]], frames: int, duration_s: float = float("inf")
) -> list[Heard]:
    """(symbol, first frame, frame after the last, posterior) -> phones that end by the next."""
    following = [*(first for _, first, _, _ in emitted), frames][1:]
    out = []
    for (symbol, first, end, posterior), limit in zip(emitted, following, strict=True):
        last = max(first + 1, min(end + TAIL, limit))
        confidence = torch.tensor(posterior).logit(1e-6).div(TEMPERATURE).sigmoid()
        start_s, end_s = first * FRAME_S, min(last * FRAME_S, duration_s)
        out.append(Heard(SYMBOLS[symbol], start_s, end_s, float(confidence)))
    return out
