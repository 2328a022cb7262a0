"""How likely a perceived sequence is, under the rules and under the model.

Both over the same alphabet: each perceived symbol is a set of the inventory's phones, those that
fold to it, and ERR, a sound the annotator could not name, is all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from speech.paraphraser.model import GO_ON, ParaphraserNet, indices
from speech.paraphraser.source import Source
from speech.phones import INDEX, SYMBOLS
from speech.recipes.l2gen.rules import Habits, Sampler, around

PARTICLES = 64
AGAIN = 0.02  # weight in the twist of a second sound at the same phone

Floats = NDArray[np.float64]
Masks = NDArray[np.float64]  # (U, V) which phones each perceived symbol may be


@dataclass(frozen=True)
class _Stage:
    """The chances at one slot, or of the sounds after the last; S speakers, U perceived."""

    extra: Floats  # (U, S) the perceived symbol is put before the phone
    none: Floats  # (S,) nothing (more) is
    single: Floats  # (U, S) the phone is said as the perceived symbol
    lost: Floats  # (S,)
    double: Floats  # (U, S) it is said as this symbol and the next


def by_rules(
    sampler: Sampler, source: Source, masks: Masks, speakers: Habits | None = None
) -> Floats:
    """(S,) log likelihood for each speaker: the forward algorithm over all alignments.

    Without speakers (1,): of the independent sampler, whose chances are the mean over speakers at
    every slot. Any number of sounds may be inserted at a slot, each with the sampler's chance.
    """
    stages, end = _stages(sampler, source, masks, speakers)
    alpha = np.zeros((len(masks) + 1, len(end.none)))
    alpha[0] = 1
    scale = np.zeros(len(end.none))
    for stage in stages:
        alpha = _inserted(alpha, stage)
        said = alpha * stage.lost
        said[1:] += alpha[:-1] * stage.single
        said[2:] += alpha[:-2] * stage.double[:-1]
        top = np.maximum(said.max(0), 1e-300)
        alpha, scale = said / top, scale + np.log(top)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(_inserted(alpha, end)[-1]) + scale)


def _inserted(alpha: Floats, stage: _Stage) -> Floats:
    found = alpha.copy()
    for at, chance in enumerate(stage.extra):
        found[at + 1] += found[at] * chance
    return np.asarray(found * stage.none)


def to_come(sampler: Sampler, source: Source, masks: Masks) -> Floats:
    """(T + 1, U + 1) chance of the perceived from u on, said from slot t on: independent rules."""
    stages, end = _stages(sampler, source, masks, None)
    found = np.zeros((len(stages) + 1, len(masks) + 1))
    found[-1, -1] = 1
    for at in reversed(range(len(stages))):
        stage, beta = stages[at], found[at + 1]
        said = beta * stage.lost
        said[:-1] += beta[1:] * stage.single[:, 0]
        said[:-2] += beta[2:] * stage.double[:-1, 0]
        if at == len(stages) - 1:  # what comes after the last phone
            for u in reversed(range(len(masks))):
                said[u] += said[u + 1] * end.extra[u, 0]
        said = said * stage.none
        for u in reversed(range(len(masks))):
            said[u] += said[u + 1] * stage.extra[u, 0]
        found[at] = said
    return found


def _stages(
    sampler: Sampler, source: Source, masks: Masks, speakers: Habits | None
) -> tuple[list[_Stage], _Stage]:
    drawn = speakers or sampler.drawn
    extras = masks[:, [INDEX[extra] for extra in sampler.extras]]  # (U, X)

    def kept(chances: Floats) -> Floats:
        return chances if speakers else chances.mean(1, keepdims=True)

    def insertion(rates: Floats) -> tuple[Floats, Floats]:
        chances = kept(sampler.extra_chances(rates, drawn))
        return extras @ chances, 1 - chances.sum(0)

    stages = []
    for each in around(source):
        outputs, _ = sampler.outputs[each.phone]
        chances = kept(sampler.chances(each, drawn))  # (O, S)
        single = np.zeros((len(SYMBOLS), chances.shape[1]))
        double = np.zeros((len(masks), chances.shape[1]))
        single[INDEX[each.phone]] = 1 - chances.sum(0)
        for said, chance in zip(outputs, chances, strict=True):
            if len(said) == 1:
                single[INDEX[said[0]]] += chance
            elif len(said) == 2:
                one, two = (masks[:, INDEX[sound]] for sound in said)
                double[:-1] += (one[:-1] * two[1:])[:, None] * chance
        lost = chances[outputs.index(())]
        stages.append(_Stage(*insertion(sampler.extra_rates(each)), masks @ single, lost, double))
    nothing = np.zeros(0)
    end = _Stage(*insertion(sampler.end_rates(source[-1].phone)), nothing, nothing, nothing)
    return stages, end


@torch.inference_mode()
def by_model(
    net: ParaphraserNet,
    source: Source,
    masks: Masks,
    ahead: Floats,
    generator: torch.Generator,
    particles: int = PARTICLES,
) -> float:
    """Log of an unbiased estimate of the model's likelihood, so on average a lower bound of it.

    Sequential Monte Carlo over alignments and over the phones behind each perceived symbol,
    twisted (Whiteley and Lee 2014) by `ahead` of `to_come`, which only guides the particles.
    """
    slots, heard = len(source), len(masks)
    phones = indices(source)
    encoded = net.encode(phones[None])[0]
    # Past the last slot all must have been said; a state within a slot may still say more there.
    start = ahead.copy()
    start[-1] = 0
    start[-1, -1] = 1
    within = ahead[1:] + AGAIN * ahead[:-1]
    allowed = torch.tensor(np.vstack([masks, np.zeros(masks.shape[1])]), dtype=torch.float64)
    at, said = np.zeros(particles, int), np.zeros(particles, int)
    before = torch.zeros(particles, dtype=torch.long)
    state = torch.zeros(1, particles, net.config.decoder)
    twist = np.full(particles, start[0, 0])
    weight = np.zeros(particles)  # log, relative
    total = float(np.log(start[0, 0]))
    for _ in range(slots + heard):
        scores, state = net.step(encoded[at][:, None], phones[at, :1], before[:, None], state)
        chances = scores[:, 0].double().exp()
        sounds = chances * allowed[said]
        after_go = start[at + 1, said]
        after_say = np.where(said < heard, within[at, np.minimum(said + 1, heard)], 0.0)
        go = chances[:, GO_ON].numpy() * after_go
        say = sounds.sum(1).numpy() * after_say
        both = go + say
        with np.errstate(divide="ignore"):
            weight += np.log(both) - np.log(twist)
        goes = torch.rand(particles, generator=generator).double().numpy() * both < go
        action = torch.where(
            torch.from_numpy(goes),
            torch.full_like(before, GO_ON),
            torch.multinomial(sounds + 1e-30, 1, generator=generator)[:, 0],
        )
        twist = np.where(goes, after_go, after_say)
        at, said, before = at + goes, said + ~goes, action
        top = weight.max()
        share = np.exp(weight - top)
        if share.sum() ** 2 / (share**2).sum() < particles / 2:
            total += float(top + np.log(share.mean()))
            picked = torch.multinomial(
                torch.from_numpy(share), particles, replacement=True, generator=generator
            )
            state, before = state[:, picked], before[picked]
            at, said, twist = at[picked], said[picked], twist[picked]
            weight[:] = 0
    top = weight.max()
    return total + float(top + np.log(np.exp(weight - top).mean()))
