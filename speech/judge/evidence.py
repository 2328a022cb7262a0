"""Evidence for every reference phone, from the CTC posteriors.

It is the likelihood of the whole take with that phone kept, exchanged for any other, left out, or
with any phone put before it. All of them come from one forward and one backward pass over the
reference (Graves 2006) and one recursion over the exchanged phone, so that a neighbour's error
does not enter: each hypothesis sums over all alignments of all the other phones.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import ctc_loss
from torch.nn.utils.rnn import pad_sequence

from speech.errors import SpeechError
from speech.phones import INDEX

NEVER = -1e4  # log of zero, kept finite


class Evidence(NamedTuple):
    """All in natural logs over U reference phones and V symbols (column 0, blank, is unused)."""

    total: Tensor  # () likelihood of the reference
    exchanged: Tensor  # (U, V) likelihood with phone u exchanged for v
    deleted: Tensor  # (U,) likelihood without phone u
    inserted: Tensor  # (U + 1, V) likelihood with v put before phone u (U: at the end)
    occupancy: Tensor  # (T, U) probability that frame t belongs to phone u
    centre: Tensor  # (U,) mean frame of each phone
    pooled: Tensor  # (U, V) log of the greatest posterior around phone u


def symbols(phones: Sequence[str]) -> Tensor:
    """Phones of the inventory -> (U,) indices of the listener's output layer.

    Raises SpeechError `bad_phone`.
    """
    indices = [INDEX.get(phone, 0) for phone in phones]
    if 0 in indices:  # the blank's
        raise SpeechError("bad_phone", repr(phones[indices.index(0)][:40]))
    return torch.tensor(indices)


def gather(log_probs: Tensor, reference: Tensor) -> Evidence:
    """(T, V) log posteriors and (U,) symbol indices -> Evidence. Needs T >= 1 and U >= 1."""
    frames, width = log_probs.shape
    count = len(reference)
    states = torch.zeros(2 * count + 1, dtype=torch.long)
    states[1::2] = reference
    emitted = log_probs[:, states]  # (T, 2U+1)
    # Label to label skips the blank unless both are the same phone.
    skip = torch.full((2 * count + 1,), NEVER)
    skip[3::2] = torch.where(reference[1:] == reference[:-1], NEVER, 0.0)

    alpha = _forward(emitted, skip)
    beta = _forward(emitted.flip(0, 1), _backward_skip(skip)).flip(0, 1)
    total = torch.logsumexp(torch.stack([alpha[-1, -1], alpha[-1, -2]]), 0)

    never = log_probs.new_full((1, 2 * count + 1), NEVER)
    before = torch.cat([never, alpha])  # before[t] = alpha[t - 1]
    after = torch.cat([beta, never])[1:]  # after[t] = beta[t + 1]
    ends = log_probs.new_full((frames, count + 1), NEVER)
    ends[-1, -1] = 0.0  # nothing more to come after the last phone, at the last frame

    # Where phone u may start: after the blank before it, or right after phone u-1.
    from_blank = before[:, 0::2].clone()  # (T+1, U+1)
    from_blank[0, 0] = 0.0
    from_label = torch.cat([before.new_full((frames + 1, 1), NEVER), before[:, 1::2]], 1)
    # Where it may go on to: the blank after it, or phone u+1 (both with all that follows).
    pad = after.new_full((frames, 1), NEVER)
    to_blank = torch.cat([after[:, 2::2], pad], 1)  # position u+1's blank; (T, U+1)
    to_label = torch.cat([after[:, 3::2], pad, pad], 1)
    ends_exchange = torch.cat([ends[:, 1:], pad], 1)
    same_before = torch.zeros(count + 1, width, dtype=torch.bool)
    same_before[torch.arange(1, count + 1), reference] = True
    same_after = torch.zeros(count + 1, width, dtype=torch.bool)
    same_after[torch.arange(count - 1), reference[1:]] = True
    same_here = torch.zeros(count + 1, width, dtype=torch.bool)
    same_here[torch.arange(count), reference] = True

    # X[t, u, v]: v, in place of phone u (or before it), ends at frame t.
    enter = torch.logaddexp(from_blank, from_label)[:frames]  # (T, U+1)
    start = torch.where(same_before, from_blank[:frames, :, None], enter[:, :, None])
    x = log_probs.new_full((count + 1, width), NEVER)
    visited = log_probs.new_empty(frames, count + 1, width)
    for t in range(frames):
        x = torch.logaddexp(x, start[t]) + log_probs[t]
        visited[t] = x
    leave = torch.logaddexp(to_blank, ends_exchange)
    onward = torch.logaddexp(leave, to_label)
    exchanged = torch.logsumexp(
        visited + torch.where(same_after, leave[:, :, None], onward[:, :, None]), 0
    )[:count]

    to_here = torch.cat([after[:, 1::2], pad], 1)  # phone u itself follows
    stop = torch.logaddexp(after[:, 0::2], ends)
    both = torch.logaddexp(stop, to_here)
    inserted = torch.logsumexp(
        visited + torch.where(same_here, stop[:, :, None], both[:, :, None]), 0
    )

    deleted = _without(alpha, beta, reference)
    occupancy = (alpha + beta - emitted - total)[:, 1::2].exp()
    times = torch.arange(frames, dtype=log_probs.dtype)
    centre = (occupancy * times[:, None]).sum(0) / occupancy.sum(0).clamp_min(1e-6)
    pooled = _pool(log_probs, centre)
    return Evidence(total, exchanged, deleted, inserted, occupancy, centre, pooled)


def likelihoods(log_probs: Tensor, sequences: Sequence[Tensor]) -> Tensor:
    """(T, V) log posteriors and N phone sequences, () among them too -> (N,) log likelihoods."""
    count = len(sequences)
    costs = ctc_loss(
        log_probs[:, None].expand(-1, count, -1),
        pad_sequence(list(sequences), batch_first=True),
        torch.full((count,), len(log_probs)),
        torch.tensor([len(s) for s in sequences]),
        reduction="none",
    )
    return -costs


def choose(log_probs: Tensor, words: Sequence[Sequence[tuple[str, ...]]]) -> list[tuple[str, ...]]:
    """Of each word's pronunciations the one that makes the (T, V) take likeliest.

    One word is exchanged at a time, the others keeping their first. An r said the Spanish way
    speaks for a form that has one, not for the British form that lacks it. T must be enough for
    the longest sequence.
    """
    best = [variants[0] for variants in words]
    cases = [
        (at, variant, tuple(r if p == "R" else p for p in variant))
        for at, variants in enumerate(words)
        if len(variants) > 1
        for variant in variants
        for r in (("R", "es_r", "es_rr") if "R" in variant else ("R",))
    ]
    if not cases:
        return best
    sequences = [
        symbols([p for i, b in enumerate(best) for p in (said if i == at else b)])
        for at, _, said in cases
    ]
    scores = likelihoods(log_probs, sequences).tolist()
    # Sorted upwards, so that the likeliest of a word comes last and stays.
    for _, number in sorted((score, -number) for number, score in enumerate(scores)):
        at, variant, _ = cases[-number]
        best[at] = variant
    return best


def skipped(log_probs: Tensor, words: Sequence[Tensor]) -> Tensor:
    """(W,) how much likelier the take is without each word, in nats a phone of that word."""
    whole = torch.cat(list(words))
    lacking = [torch.cat([*words[:at], whole[:0], *words[at + 1 :]]) for at in range(len(words))]
    scores = likelihoods(log_probs, [whole, *lacking])
    return (scores[1:] - scores[0]) / torch.tensor([len(word) for word in words])


def _forward(emitted: Tensor, skip: Tensor) -> Tensor:
    """(T, S) emissions -> (T, S) log probability of all paths that end in each state."""
    frames, states = emitted.shape
    alpha = emitted.new_full((frames, states), NEVER)
    row = emitted.new_full((states + 2,), NEVER)
    row[2:4] = emitted[0, :2]
    alpha[0] = row[2:]
    for t in range(1, frames):
        stay = torch.logaddexp(row[2:], row[1:-1])
        row[2:] = torch.logaddexp(stay, row[:-2] + skip) + emitted[t]
        alpha[t] = row[2:]
    return alpha


def _backward_skip(skip: Tensor) -> Tensor:
    """The skips of the reversed sequence: into state s from s-2, seen from the other end."""
    back = torch.full_like(skip, NEVER)
    back[2:] = skip.flip(0)[:-2]
    return back


def _without(alpha: Tensor, beta: Tensor, reference: Tensor) -> Tensor:
    """(U,) log likelihood of the reference with each phone left out."""
    frames, states = alpha.shape
    count = len(reference)
    out = alpha.new_full((count,), NEVER)
    if count == 1:
        return out
    blank = alpha[:, 0:-1:2]  # blank before phone u
    label = torch.cat([alpha.new_full((frames, 1), NEVER), alpha[:, 1:-2:2]], 1)  # phone u-1
    nxt = beta[:, 3::2]  # phone u+1, for u < U-1
    same = torch.zeros(count, dtype=torch.bool)
    same[1:-1] = reference[:-2] == reference[2:]
    into = torch.where(same, blank, torch.logaddexp(blank, label))  # (T, U)
    out[:-1] = torch.logsumexp(into[:-1, :-1] + nxt[1:], 0)
    out[0] = torch.logaddexp(out[0], beta[0, 3])
    out[-1] = torch.logaddexp(alpha[-1, -2 - 1], alpha[-1, -2 - 2])
    return out


def _pool(log_probs: Tensor, centre: Tensor) -> Tensor:
    """(U, V): the greatest posterior of every symbol between the neighbours' centres."""
    frames = len(log_probs)
    times = torch.arange(frames, dtype=log_probs.dtype)
    edges = torch.cat([centre[:1] - 4, centre, centre[-1:] + 4])
    low = ((edges[:-2] + edges[1:-1]) / 2).floor().clamp(0, frames - 1)
    high = torch.maximum(((edges[1:-1] + edges[2:]) / 2).ceil(), low + 1)
    within = (times[:, None] >= low) & (times[:, None] < high)  # (T, U)
    masked = log_probs[:, None, :] + torch.where(within, 0.0, NEVER)[:, :, None]
    return masked.amax(0)
