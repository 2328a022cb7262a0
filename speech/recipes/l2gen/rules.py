"""A sampler of Spanish speakers' English: rules with contexts, at the rates that were counted.

At every phone one of its outputs is drawn: itself, nothing, another phone or two; before every
phone, and after the last, sounds may be inserted. The odds of an output are

    odds(o | phone, context, speaker) = exp(a_o + SPREAD z_o) c_o(context),
    z_o = (S z_severity + R z_rule(o) + P z_pair(o)),   S^2 + R^2 + P^2 = 1,

with standard normal z: a speaker's errors hang together. c is contexts.py's weight over its mean
on a corpus and a_o is fitted so that the mean over that corpus and over speakers is the counted
rate (counts.py). SPREAD is that of the log odds between L2-ARCTIC's and EpaDB's rates of the pairs
that both list (0.8), times the square root of 2, since the former are means of two speakers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from speech.alignment import distance
from speech.paraphraser.source import LETTERS, PLACES, STRESSES, Slot, Source
from speech.phones import ENGLISH, INVENTORY
from speech.recipes.l2gen import contexts, counts
from speech.recipes.l2gen.counts import Rates, Said

SPREAD = 1.1
SEVERITY, RULE, PAIR = 0.5, 0.5, 0.5**0.5
NEARNESS = 0.15  # unlisted exchanges fall with exp(-distance / NEARNESS)
# Of what is not listed: as the 33 pairs that L2-ARCTIC counts only twice, 27 : 3 : 3.
UNSEEN_SHARES = {"said": 0.82, "lost": 0.09, "inserted": 0.09}
FITTED_ON = 150  # slots a phone
FITS = 15
SPEAKERS = 64  # drawn to fit and for the mean over speakers
MOST_INSERTED = 0.9
_NEVER = 1e-12

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Around:
    """A slot with its neighbours: all that a rule sees."""

    slot: Slot
    before: str
    after: str

    @property
    def phone(self) -> str:
        return self.slot.phone


def around(source: Source) -> list[Around]:
    phones = ["", *(slot.phone for slot in source), ""]
    return [
        Around(Slot(s.phone, 0, s.stress, s.place, s.letter), phones[at], phones[at + 2])
        for at, s in enumerate(source)
    ]


class Habits(NamedTuple):
    """What speakers add to the log odds: one row each."""

    said: dict[str, Floats]  # phone -> (S, O)
    extra: Floats  # (S, X)

    def of(self, speaker: int) -> Habits:
        row = slice(speaker, speaker + 1)
        return Habits({phone: each[row] for phone, each in self.said.items()}, self.extra[row])


class Sampler:
    """The rules, fitted to a corpus whose contexts are like those of the texts to come."""

    def __init__(self, corpus: Sequence[Source], rates: Rates | None = None) -> None:
        self.rates = rates or counts.rates()
        self.outputs = {phone: self._outputs(phone) for phone in ENGLISH}
        self.extras = tuple(INVENTORY)
        rules = [
            contexts.rule_of(phone, said)
            for phone, (outputs, _) in self.outputs.items()
            for said in outputs
        ] + ["inserted"] * len(self.extras)
        self._rules = [contexts.RULES.index(rule) for rule in rules]  # of every habit
        rng = np.random.default_rng(0)
        seen: dict[str, list[Around]] = {phone: [] for phone in ENGLISH}
        for source in corpus:
            for each in around(source):
                seen[each.phone].append(each)
        self._often = {phone: len(each) for phone, each in seen.items()}
        self._seen = {
            phone: [each[i] for i in rng.permutation(len(each))[:FITTED_ON]]
            for phone, each in seen.items()
        }
        self._shares = {phone: _Shares(each) for phone, each in self._seen.items()}
        self.drawn = self.habits(SPEAKERS, rng)
        self._offsets = {phone: self._fitted(phone) for phone in ENGLISH}
        self._extra_rates = self._fitted_extras()

    def habits(self, count: int, rng: np.random.Generator) -> Habits:
        """`count` speakers drawn at random."""
        severity = rng.standard_normal((count, 1))
        rules = rng.standard_normal((count, len(contexts.RULES)))[:, self._rules]
        own = rng.standard_normal(rules.shape)
        found = SPREAD * (SEVERITY * severity + RULE * rules + PAIR * own)
        said, at = {}, 0
        for phone, (outputs, _) in self.outputs.items():
            said[phone] = found[:, at : at + len(outputs)]
            at += len(outputs)
        return Habits(said, found[:, at:] - SPREAD**2 / 2)

    def sample(self, source: Source, rng: np.random.Generator) -> list[Said]:
        """What a speaker drawn for this text says for every slot."""
        return self.say(source, self.habits(1, rng), rng)[0]

    def say(self, source: Source, speakers: Habits, rng: np.random.Generator) -> list[list[Said]]:
        """What each speaker says for every slot; what is inserted goes before the phone."""
        found: list[list[Said]] = [[] for _ in speakers.extra]
        for each in around(source):
            outputs = (*self.outputs[each.phone][0], (each.phone,))
            said = _draw(self.chances(each, speakers), rng)
            extra = _draw(self.extra_chances(self.extra_rates(each), speakers), rng)
            for speaker, (at, before) in enumerate(zip(said, extra, strict=True)):
                found[speaker].append((*self.extras[before : before + 1], *outputs[at]))
        extra = _draw(self.extra_chances(self.end_rates(source[-1].phone), speakers), rng)
        for sounds, after in zip(found, extra, strict=True):
            sounds[-1] = (*sounds[-1], *self.extras[after : after + 1])
        return found

    def log_chance(self, source: Source, said: Sequence[Said]) -> float:
        """Log chance of these very outputs, of the independent sampler (mean over speakers)."""
        found = 0.0
        for each, sounds in zip(around(source), said, strict=True):
            outputs, extras = self._means(each)
            chance = outputs.get(sounds, 0.0)
            if sounds and sounds[0] in extras:
                chance += extras[sounds[0]] * outputs.get(sounds[1:], 0.0)
            found += float(np.log(max(chance, _NEVER)))
        return found

    @lru_cache(maxsize=200_000)  # noqa: B019
    def _means(self, each: Around) -> tuple[dict[Said, float], dict[str, float]]:
        """Mean chances over speakers of every output, and of every inserted sound."""
        outputs, _ = self.outputs[each.phone]
        chances = self.chances(each, self.drawn).mean(1)
        extra = self.extra_chances(self.extra_rates(each), self.drawn).mean(1)
        found = dict(zip(outputs, chances.tolist(), strict=True))
        found[(each.phone,)] = float(1 - chances.sum())
        return found, dict(zip(self.extras, extra.tolist(), strict=True))

    def chances(self, each: Around, speakers: Habits) -> Floats:
        """(O, S) of every output; the rest is the phone as it should be."""
        odds = np.exp(self.logits(each)[:, None] + speakers.said[each.phone].T)
        return np.asarray(odds / (1 + odds.sum(0)))

    def extra_chances(self, rates: Floats, speakers: Habits) -> Floats:
        """(X, S) of every inserted sound."""
        chances = rates[:, None] * np.exp(speakers.extra.T)
        return np.asarray(chances / np.maximum(1.0, chances.sum(0) / MOST_INSERTED))

    def _outputs(self, phone: str) -> tuple[tuple[Said, ...], Floats]:
        """Outputs other than the phone itself, with their mean rates; the listed ones first."""
        listed = self.rates.said[phone]
        near = {
            (other,): np.exp(-min(distance(phone, other), 2.0) / NEARNESS)
            for other in ENGLISH
            if other != phone and (other,) not in listed
        }
        total = sum(near.values())
        unseen = self.rates.unseen
        found = dict(listed)
        for said, weight in near.items():
            found[said] = (
                unseen * UNSEEN_SHARES["said"] * (0.95 * weight / total + 0.05 / len(near))
            )
        found[()] = found.get((), 0.0) + unseen * UNSEEN_SHARES["lost"]
        return tuple(found), np.array([max(rate, 1e-6) for rate in found.values()])

    def _fitted(self, phone: str) -> Floats:
        outputs, rates = self.outputs[phone]
        offsets = np.log(rates / max(1 - rates.sum(), 0.05))
        if not self._seen[phone]:
            return offsets
        weights = np.stack([self._weights(each) for each in self._seen[phone]])  # (C, O)
        habits = self.drawn.said[phone]  # (S, O)
        for _ in range(FITS):
            odds = np.exp(offsets + habits)[None] * weights[:, None]  # (C, S, O)
            mean = (odds / (1 + odds.sum(-1, keepdims=True))).mean((0, 1))
            offsets = offsets + np.log(rates / mean)
        return offsets

    def _fitted_extras(self) -> Floats:
        """(X,) rate of each extra sound where its context weighs 1."""
        listed = np.array([self.rates.inserted.get(extra, 0.0) for extra in self.extras])
        english = np.array([extra in ENGLISH for extra in self.extras])
        listed += english * self.rates.unseen * UNSEEN_SHARES["inserted"] / english.sum()
        places = [each for group in self._seen.values() for each in group]
        # A phone's slots here stand for all that it has in the corpus.
        weights = np.array([self._often[e.phone] / len(self._seen[e.phone]) for e in places])
        factors = np.stack([self._extra_weights(each) for each in places])
        mean = weights @ factors / weights.sum()
        return np.asarray(listed / mean)

    def _weights(self, each: Around) -> Floats:
        """(O,) the context's weight on every output."""
        outputs, _ = self.outputs[each.phone]
        shares = self._shares[each.phone]
        return np.array(
            [
                contexts.by_sounds(each.phone, said, each.before, each.after)
                * shares.place(each.slot.place, contexts.by_place(each.phone, said))
                * shares.stress(each.slot.stress, contexts.by_stress(each.phone, said))
                * shares.letter(each.slot.letter, contexts.by_letter(each.phone, said))
                for said in outputs
            ]
        )

    def _extra_weights(self, each: Around) -> Floats:
        return np.array(
            [
                contexts.inserted(extra, each.slot, each.before, each.phone, each.after)
                for extra in self.extras
            ]
        )

    @lru_cache(maxsize=200_000)  # noqa: B019 one sampler a process
    def logits(self, each: Around) -> Floats:
        """(O,) log odds against the phone itself, of a speaker with no habits."""
        return np.asarray(self._offsets[each.phone] + np.log(self._weights(each)))

    @lru_cache(maxsize=200_000)  # noqa: B019
    def extra_rates(self, each: Around) -> Floats:
        """(X,) rates of the sounds put before a slot."""
        return np.asarray(self._extra_rates * self._extra_weights(each))

    def end_rates(self, last: str) -> Floats:
        """(X,) rates of the sounds put after the last phone."""
        weights = [contexts.inserted(extra, None, last, "", "") for extra in self.extras]
        return np.asarray(self._extra_rates * np.array(weights))


def _draw(chances: Floats, rng: np.random.Generator) -> list[int]:
    """For (O, S) chances an outcome for each speaker; O where it is none of them."""
    found = (chances.cumsum(0) < rng.random(chances.shape[1])).sum(0)
    return [int(each) for each in found]


class _Shares:
    """How often a phone stands where, for weights where it is not known."""

    def __init__(self, seen: Sequence[Around]) -> None:
        self._of = {
            name: {value: sum(getattr(e.slot, name) == value for e in seen) for value in values}
            for name, values in (("place", PLACES), ("stress", STRESSES), ("letter", LETTERS))
        }

    def place(self, value: str, weights: Mapping[str, float]) -> float:
        return self._weight("place", value, weights)

    def stress(self, value: str, weights: Mapping[str, float]) -> float:
        return self._weight("stress", value, weights)

    def letter(self, value: str, weights: Mapping[str, float]) -> float:
        return self._weight("letter", value, weights)

    def _weight(self, name: str, value: str, weights: Mapping[str, float]) -> float:
        if not weights:
            return 1.0
        if value != "?":
            return weights.get(value, 1.0)
        known = {v: n for v, n in self._of[name].items() if v != "?" and n}
        total = sum(known.values())
        return sum(n * weights.get(v, 1.0) for v, n in known.items()) / total if total else 1.0
