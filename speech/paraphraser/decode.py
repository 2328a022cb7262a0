"""Likely ways to say a source: beam search, diversified beam search, and samples.

Both searches go from canonical phone to canonical phone, so that hypotheses of one depth have said
the same part of the text; a hypothesis is scored by the log probability of its actions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from speech.judge.spanish import folded
from speech.paraphraser.model import GO_ON, MOST, ParaphraserNet, indices
from speech.paraphraser.source import Source
from speech.phones import INDEX, SYMBOLS

Said = tuple[tuple[str, ...], ...]  # for every slot of the source the sounds said there

Floats = NDArray[np.float32]
# An accent is no other sound: to diversity a Spanish sound is the English one it passes for.
_PASSES_FOR = [INDEX[symbol] for symbol in folded(SYMBOLS)]


@dataclass(frozen=True)
class Search:
    """How to search, as `nbest` says; `beam` hypotheses a candidate.

    The values were chosen on sampled speakers (`l2gen.evaluate --held-out`): most errors found
    with no more errors a candidate than those speakers make.
    """

    diversified: bool = True
    diversity: float = 1.75
    repeat: float = 2.0
    beam: int = 2


SEARCH = Search()
PLAIN = Search(diversified=False, beam=2)


class Hypothesis(NamedTuple):
    said: Said
    log_prob: float


@dataclass(frozen=True)
class _Path:
    said: tuple[tuple[int, ...], ...] = ()
    log_prob: float = 0.0
    score: float = 0.0  # log_prob and what diversity takes
    row: int = 0  # of the decoder's state
    here: tuple[int, ...] = ()  # sounds said at the phone at hand
    open: bool = True  # whether more may be said there

    @property
    def before(self) -> int:
        return self.here[-1] if self.here else GO_ON


@torch.inference_mode()
def nbest(net: ParaphraserNet, source: Source, n: int, search: Search = SEARCH) -> list[Hypothesis]:
    """`n` distinct hypotheses, the likeliest first (fewer only where the search holds fewer).

    Diversified search is diverse beam search (Vijayakumar et al. 2018, arXiv 1610.02424): one
    group of the beam a candidate, searched in turn at each depth. With y the first action of a
    hypothesis of group g at depth t and N(y) the groups before g whose best hypothesis took y at
    t (sounds that pass for one another are one y), it is scored by

        sum over t of  log p(y_t | y_<t, x) - D(y_t),
        D(y) = diversity log(1 + N(y))  where y is the canonical phone,  repeat N(y)  elsewhere.

    The paper's D is lambda N(y). With a logarithm and lambda 1 groups would divide among actions
    as seats are divided by d'Hondt's rule, in proportion to p; more flattens p, and what `repeat`
    adds is that an error found once gives way to others. After the first group, which has
    no penalty, they choose in order of their log probability so far, the lowest first, so that no
    candidate gathers all rare errors.
    """
    groups = n if search.diversified else 1
    width = search.beam if search.diversified else search.beam * n
    paths = _search(net, source, groups, width, search.diversity, search.repeat)
    found: dict[tuple[int, ...], Hypothesis] = {}
    ranked = [sorted(group, key=lambda path: -path.score) for group in paths]
    for group in ranked:  # of each group its best that is new
        for path in group:
            if _add(found, path):
                break
    rest = [path for group in ranked for path in group]
    if search.diversified and len({_whole(path) for path in rest}) < n:
        rest += _search(net, source, 1, PLAIN.beam * n, 0.0, 0.0)[0]
    for path in sorted(rest, key=lambda path: -path.log_prob):
        if len(found) < n:
            _add(found, path)
    return sorted(found.values(), key=lambda each: -each.log_prob)[:n]


def _add(found: dict[tuple[int, ...], Hypothesis], path: _Path) -> bool:
    whole = _whole(path)
    if whole in found:
        return False
    said = tuple(tuple(SYMBOLS[sound] for sound in sounds) for sounds in path.said)
    found[whole] = Hypothesis(said, path.log_prob)
    return True


def _whole(path: _Path) -> tuple[int, ...]:
    return tuple(sound for sounds in path.said for sound in sounds)


def _search(
    net: ParaphraserNet, source: Source, groups: int, width: int, diversity: float, repeat: float
) -> list[list[_Path]]:
    """The hypotheses of every group after the last phone."""
    slots = indices(source)
    encoded = net.encode(slots[None])[0]  # (T, 2E)
    state = torch.zeros(1, 1, net.config.decoder)
    beams = [[_Path()] for _ in range(groups)]
    for depth, here in enumerate(encoded):
        beams = [[replace(p, here=(), open=True) for p in beam] for beam in beams]
        taken: Counter[int] = Counter()
        turns = _turns(beams)
        for said in range(MOST + 1):
            going = [path for beam in beams for path in beam if path.open]
            if not going:
                break
            scores, stepped = _stepped(net, here, slots[depth, 0], going, state)
            at = {id(path): row for row, path in enumerate(going)}
            chosen: list[list[_Path]] = [[] for _ in beams]
            for group in turns:
                beam = beams[group]
                closed = [path for path in beam if not path.open]
                rows = [at[id(path)] for path in beam if path.open]
                penalty = (
                    _penalty(taken, int(slots[depth, 0]), diversity, repeat) if said == 0 else 0.0
                )
                grown = _grown(
                    [going[r] for r in rows], scores[rows], penalty, rows, state.shape[1],
                    width, last=said == MOST,
                )  # fmt: skip
                best = sorted([*closed, *grown], key=lambda path: -path.score)[:width]
                chosen[group] = best
                if said == 0:
                    taken[_PASSES_FOR[best[0].before]] += 1
            state = torch.cat([state, stepped], 1)
            kept = [path.row for beam in chosen for path in beam]
            state = state[:, kept]
            rows_of = iter(range(len(kept)))
            beams = [[replace(p, row=next(rows_of)) for p in beam] for beam in chosen]
        beams = [[replace(p, said=(*p.said, p.here)) for p in beam] for beam in beams]
    return beams


def _stepped(
    net: ParaphraserNet, here: Tensor, phone: Tensor, going: Sequence[_Path], state: Tensor
) -> tuple[Floats, Tensor]:
    """(P, V) log probabilities of the next action of every path, and (1, P, D) states."""
    before = torch.tensor([[path.before] for path in going])
    scores, stepped = net.step(
        here.expand(len(going), 1, -1),
        phone.expand(len(going), 1),
        before,
        state[:, [path.row for path in going]],
    )
    return scores[:, 0].numpy(), stepped


def _turns(beams: Sequence[Sequence[_Path]]) -> list[int]:
    """The order in which the groups choose: the first stays, of the others the least likely."""
    others = range(1, len(beams))
    return [0, *sorted(others, key=lambda group: beams[group][0].log_prob)]


def _penalty(taken: Counter[int], phone: int, diversity: float, repeat: float) -> Floats:
    """(V,) what diversity takes from every action."""
    found = repeat * np.array([taken[kind] for kind in _PASSES_FOR], np.float32)
    same = np.array(_PASSES_FOR) == _PASSES_FOR[phone]
    found[same] = diversity * np.log1p(taken[_PASSES_FOR[phone]])
    return found


def _grown(
    paths: Sequence[_Path],
    scores: Floats,
    penalty: Floats | float,
    rows: Sequence[int],
    before: int,
    width: int,
    last: bool,
) -> list[_Path]:
    """The best continuations of paths; row `rows[i]` of the states stepped comes after `before`."""
    if not paths:
        return []
    if last:
        scores = np.where(np.arange(scores.shape[1]) == GO_ON, scores, -np.inf)
    whole = scores - penalty + np.array([[path.score] for path in paths])
    found = []
    for flat in np.argsort(-whole, axis=None)[:width].tolist():
        which, action = divmod(flat, scores.shape[1])
        path = paths[which]
        goes_on = action == GO_ON
        found.append(
            replace(
                path,
                log_prob=path.log_prob + float(scores[which, action]),
                score=float(whole[which, action]),
                row=before + rows[which],
                here=path.here if goes_on else (*path.here, action),
                open=not goes_on,
            )
        )
    return found


@torch.inference_mode()
def samples(
    net: ParaphraserNet, source: Source, count: int, generator: torch.Generator
) -> list[Said]:
    """`count` draws from the model (temperature 1)."""
    slots = indices(source)
    encoded = net.encode(slots[None])[0]
    state = torch.zeros(1, count, net.config.decoder)
    before = torch.zeros(count, dtype=torch.long)
    found: list[list[tuple[str, ...]]] = [[] for _ in range(count)]
    for here, phone in zip(encoded, slots[:, 0], strict=True):
        said: list[list[str]] = [[] for _ in range(count)]
        going = torch.arange(count)
        for step in range(MOST + 1):
            scores, stepped = net.step(
                here.expand(len(going), 1, -1),
                phone.expand(len(going), 1),
                before[going, None],
                state[:, going],
            )
            state[:, going] = stepped
            action = torch.multinomial(scores[:, 0].exp(), 1, generator=generator)[:, 0]
            if step == MOST:
                action = torch.full_like(action, GO_ON)
            before[going] = action
            goes_on = action != GO_ON
            going = going[goes_on]
            for which, sound in zip(going.tolist(), action[goes_on].tolist(), strict=True):
                said[which].append(SYMBOLS[sound])
            if not len(going):
                break
        for which, sounds in enumerate(said):
            found[which].append(tuple(sounds))
    return [tuple(each) for each in found]
