"""The calibrated head: evidence for the sounds of a take -> what teachers would say of them.

A small recurrent network over the reference phones (after GOPT, Gong et al. 2022, arXiv
2205.03432, which uses a transformer): per phone the chance that it would be marked wrong and a
score, per word and per take an accuracy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn

from speech.judge.evidence import Evidence
from speech.phones import SYMBOLS

_V = len(SYMBOLS)
FEATURES = 2 * _V + 9


@dataclass(frozen=True)
class HeadConfig:
    embedding: int = 16
    hidden: int = 48
    dropout: float = 0.3
    members: int = 3  # networks whose outputs are averaged


class Judgement(NamedTuple):
    """Of one take; all in 0..1."""

    p_wrong: Tensor  # (U,) chance that a teacher scores the phone under 1 of 2
    score: Tensor  # (U,) expected score / 2
    word: Tensor  # (W,) accuracy
    accuracy: Tensor  # ()

    def joined(self, other: Judgement) -> Judgement:
        """The same, a phone being wrong if either judge marks it (noisy or)."""
        return self._replace(p_wrong=1 - (1 - self.p_wrong) * (1 - other.p_wrong))


def by_prior(
    heads: Mapping[str, Head], prior: str, x: Tensor, phones: Tensor, words: Tensor
) -> Judgement:
    """As Head.judge, by the corpus's head; by the Spanish prior joined by its own."""
    found = heads["corpus"].judge(x, phones, words)
    return found.joined(heads["spanish"].judge(x, phones, words)) if prior == "spanish" else found


def features(
    evidence: Evidence, transduced: Tensor, log_probs: Tensor, reference: Tensor
) -> Tensor:
    """(U, FEATURES): what the judge looks at for each reference phone, near unit scale.

    `transduced` (U, V): transducer.exchanged.
    """
    count = len(reference)
    rows = torch.arange(count)
    choices = torch.cat([evidence.exchanged[:, 1:], evidence.deleted[:, None]], 1)
    posterior = choices.log_softmax(1).clamp_min(-12)  # which phone stands here, or none: (U, V)
    kept = evidence.exchanged[rows, reference]
    inserted = evidence.inserted[:, 1:].amax(1) - evidence.total  # (U + 1,)
    occupancy = evidence.occupancy
    centre = evidence.centre
    gap = torch.diff(centre, prepend=centre[:1] - 4, append=centre[-1:] + 4)
    mean = (occupancy * log_probs[:, reference]).sum(0) / occupancy.sum(0).clamp_min(1e-6)
    scalars = torch.stack(
        [
            _lead(evidence.exchanged, reference).clamp(-20, 20) / 5,
            _lead(transduced, reference).clamp(-20, 20) / 5,
            (kept - evidence.deleted).clamp(-20, 20) / 5,
            inserted[:-1].clamp(-10, 10) / 5,
            inserted[1:].clamp(-10, 10) / 5,
            mean.clamp_min(-10) / 3,
            (evidence.pooled[rows, reference]).clamp_min(-10) / 3,
            gap[:-1].clamp(0, 40) / 10,
            gap[1:].clamp(0, 40) / 10,
        ],
        1,
    )
    return torch.cat([posterior / 4, evidence.pooled.clamp_min(-8) / 4, scalars], 1)


def _lead(exchanged: Tensor, reference: Tensor) -> Tensor:
    """(U,) nats by which each phone of the reference is likelier than any other in its place."""
    rows = torch.arange(len(reference))
    others = exchanged.clone()
    others[rows, reference] = -torch.inf
    return exchanged[rows, reference] - others[:, 1:].amax(1)


class Member(nn.Module):
    """One network over (B, U) takes."""

    def __init__(self, config: HeadConfig) -> None:
        super().__init__()
        hidden = config.hidden
        self.embed = nn.Embedding(_V, config.embedding)
        self.inward = nn.Sequential(
            nn.Linear(FEATURES + config.embedding, hidden), nn.GELU(), nn.Dropout(config.dropout)
        )
        self.context = nn.GRU(hidden, hidden // 2, batch_first=True, bidirectional=True)
        self.drop = nn.Dropout(config.dropout)
        self.phone = nn.Linear(2 * hidden, 2)  # logit of wrong, score
        self.word = nn.Linear(2 * hidden, 1)
        self.take = nn.Linear(2 * hidden, 1)

    def forward(self, x: Tensor, phones: Tensor, words: Tensor, lengths: Tensor) -> list[Tensor]:
        """(B, U, F), (B, U), (B, U) word numbers, (B,) -> (B, U, 2), (B, W), (B,)."""
        local = self.inward(torch.cat([x, self.embed(phones)], -1))
        packed = nn.utils.rnn.pack_padded_sequence(
            local, lengths, batch_first=True, enforce_sorted=False
        )
        wide, _ = nn.utils.rnn.pad_packed_sequence(self.context(packed)[0], batch_first=True)
        both = self.drop(torch.cat([local, wide], -1))
        mask = torch.arange(x.shape[1])[None] < lengths[:, None]
        number = int(words.max()) + 1
        member = torch.nn.functional.one_hot(words, number) * mask[..., None]  # (B, U, W)
        member = member.to(both.dtype)
        sums = member.transpose(1, 2) @ both
        mean = sums / member.sum(1)[..., None].clamp_min(1)
        whole = (both * mask[..., None]).sum(1) / lengths[:, None]
        return [self.phone(both), self.word(mean)[..., 0], self.take(whole)[..., 0]]


class Head(nn.Module):
    """Members averaged."""

    def __init__(self, config: HeadConfig) -> None:
        super().__init__()
        self.config = config
        self.members = nn.ModuleList(Member(config) for _ in range(config.members))

    @torch.no_grad()
    def judge(self, x: Tensor, phones: Tensor, words: Tensor) -> Judgement:
        """(U, FEATURES), (U,) symbols, (U,) word numbers from 0 without gaps -> Judgement."""
        lengths = torch.tensor([len(phones)])
        outs = [m(x[None], phones[None], words[None], lengths) for m in self.members]
        phone, word, take = (torch.stack(o).mean(0)[0] for o in zip(*outs, strict=True))
        return Judgement(
            phone[:, 0].sigmoid(), phone[:, 1].clamp(0, 1), word.clamp(0, 1), take.clamp(0, 1)
        )
