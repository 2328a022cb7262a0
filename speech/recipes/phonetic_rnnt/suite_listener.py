"""What the listener hears: learners, native readers of two languages, planted errors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from speech import audio
from speech.alignment import align
from speech.judge.evidence import likelihoods, symbols
from speech.listener.decode import (
    SEARCH,
    decode,
    greedy_transducer,
    transducer_likelihoods,
)
from speech.listener.features import log_mel, normalise
from speech.listener.model import Listener, encoder_frames
from speech.phones import PHONES, is_vowel
from speech.recipes.phonetic_rnnt import contrasts, corpora, planted
from speech.recipes.phonetic_rnnt.corpora import (
    DATA,
    DOUBT_BELOW,
    WRONG_BELOW,
    Choices,
    Utterance,
)
from speech.recipes.phonetic_rnnt.dataset import Features
from speech.recipes.phonetic_rnnt.experts import GOOD, Experts
from speech.recipes.phonetic_rnnt.metrics import Count, Figure, edits, nearest_edits, share
from speech.recipes.phonetic_rnnt.planted import PAIRS, REVERSED, Plant
from speech.recipes.phonetic_rnnt.predict import Take, read, takes
from speech.recipes.phonetic_rnnt.suite_speed import MANY

BATCH_S = 120.0  # of audio, padding too
FEWEST = 15  # plants that make a pair's figure worth a bar
DECODERS = ("ctc", "transducer")


class Hearing(NamedTuple):
    encoded: Tensor  # (T, hidden)
    log_probs: Tensor  # (T, V)
    heard: dict[str, tuple[str, ...]]  # by decoder


class Learner(NamedTuple):
    take: Take
    speaker: str
    child: bool
    accuracy: float
    scores: list[float]  # of every phone, 0..2

    @property
    def phones(self) -> tuple[str, ...]:
        return tuple(phone for word in self.take.words for phone in word)


class Reader(NamedTuple):
    """A native recording: for every word (or Spanish phone) what is accepted, the usual first."""

    path: str
    accepted: Choices
    seen: bool  # in training

    @property
    def phones(self) -> tuple[str, ...]:
        return tuple(phone for variants in self.accepted for phone in variants[0])


class Material:
    """Everything that is heard, and its features (from SPEECH_WORK's cache where they lie)."""

    def __init__(self, part: str, folder: Path = DATA / "speechocean762") -> None:
        """`folder` has the learners' takes; the other corpora lie beside it."""
        self.folder, data = folder, folder.parent
        self.store = Features()
        parts, experts = corpora.parts_of(self.folder), Experts(self.folder)
        self.learners: dict[str, Learner] = {}
        for take in takes(self.folder):
            row = experts.takes[take.utt_id]
            if parts[row["speaker"]] == part:
                self.learners[take.utt_id] = Learner(
                    take,
                    row["speaker"],
                    experts.child(take.utt_id),
                    experts.accuracy(take.utt_id),
                    experts.phones[take.utt_id],
                )
        self.english = readers(u for u in corpora.ljspeech(data) if u.part == "unseen")
        words = list(corpora.gcompris(data))
        self.english_words = readers(u for u in words if u.source == "gc_en")
        self.spanish = readers(
            replace(u, choices=spanish_variants(u.labels)) for u in words if u.source == "gc_es"
        )
        self.plants = [p for p in planted.read() if p.utt_id in self.learners]

    def features(self, name: str, path: str | None = None) -> Tensor:
        """(T, 80) normalised."""
        if self.store.copies and name in self.store.copies[0][1]:
            return self.store.get(name)
        samples = audio.load(path) if path else read(self.folder, name)
        return normalise(log_mel(torch.from_numpy(samples)))

    def of_learners(self) -> dict[str, Tensor]:
        return {name: self.features(name) for name in self.learners}

    def of_readers(self, members: Mapping[str, Reader]) -> dict[str, Tensor]:
        return {name: self.features(name, each.path) for name, each in members.items()}


def readers(utterances: Iterable[Utterance]) -> dict[str, Reader]:
    return {u.id: Reader(u.path, u.choices, u.part == "train") for u in utterances}


def spanish_variants(phones: Sequence[str]) -> Choices:
    """What a Spanish teacher lets pass for each phone of a word by rule.

    Accepted: seseo (S for TH, the norm of Latin America); the affricate for ll and y (JH, as in
    an emphatic *yo*); a stop for the approximants b d g and the other way round (allophones that
    no Spanish ear tells apart); a trill for a tap that closes a syllable (*comer*, *arte*); a
    full vowel for the glide of a diphthong (*pi-ano*), and the nasal of the velum before velars.
    Not accepted: any English vowel, R, HH for the jota, DH for d, V for b.
    """
    stops = {"es_b": "B", "es_d": "D", "es_g": "G"}
    others = (
        {"TH": "S", "es_y": "JH", "Y": "es_i", "W": "es_u"}
        | stops
        | {stop: soft for soft, stop in stops.items()}
    )
    out = []
    for at, phone in enumerate(phones):
        following = phones[at + 1] if at + 1 < len(phones) else ""
        variants = [phone]
        if phone in others:
            variants.append(others[phone])
        elif phone == "es_r" and not (following and is_vowel(following)):
            variants.append("es_rr")
        elif phone in ("N", "NG") and following in ("K", "G", "es_g", "es_x"):
            variants.append("NG" if phone == "N" else "N")
        out.append(tuple((v,) for v in variants))
    return tuple(out)


@torch.inference_mode()
def hear(
    model: Listener, sounds: Mapping[str, Tensor], decoders: Sequence[str] = DECODERS
) -> dict[str, Hearing]:
    """Normalised features by name -> what the listener makes of each; batched by length."""
    waiting = sorted(sounds, key=lambda name: len(sounds[name]))
    out: dict[str, Hearing] = {}
    while waiting:
        longest = len(sounds[waiting[-1]])
        size = max(1, int(BATCH_S * 100 / max(1, longest)))
        names, waiting = waiting[-size:], waiting[:-size]
        batch = pad_sequence([sounds[name] for name in names], batch_first=True)
        encoded = model.encoder(batch)
        log_probs = model.ctc_log_probs(encoded)
        for row, name in enumerate(names):
            frames = encoder_frames(len(sounds[name]))
            own, own_probs = encoded[row, :frames].clone(), log_probs[row, :frames].clone()
            heard = {}
            if "ctc" in decoders:
                found = decode(model, own, own_probs, SEARCH)
                heard["ctc"] = tuple(h.phone for h in found[0].phones)
            if "transducer" in decoders:
                heard["transducer"] = tuple(h.phone for h in greedy_transducer(model, own))
            out[name] = Hearing(own, own_probs, heard)
    return out


def per_good(
    learners: Mapping[str, Learner], hearings: Mapping[str, Hearing]
) -> dict[str, dict[str, Figure]]:
    """PER of the well-scored takes, by decoder and cohort."""
    good = {n: who for n, who in learners.items() if who.accuracy >= GOOD}
    cohorts = {
        "all": good,
        "children": {n: who for n, who in good.items() if who.child},
        "older": {n: who for n, who in good.items() if not who.child},
    }
    return {
        decoder: {
            cohort: share(
                [
                    Count(
                        who.speaker,
                        edits(who.phones, hearings[n].heard[decoder]),
                        len(who.phones),
                    )
                    for n, who in members.items()
                ]
            )
            for cohort, members in cohorts.items()
        }
        for decoder in DECODERS
    }


def per_native(
    members: Mapping[str, Reader], hearings: Mapping[str, Hearing]
) -> dict[str, dict[str, Figure]]:
    """PER against the nearest accepted variant, and against the usual form, by decoder.

    Both are shares of the phones of the usual form; intervals over recordings (one reader).
    """
    out: dict[str, dict[str, Figure]] = {}
    for decoder in DECODERS:
        nearest, usual = [], []
        for name, each in members.items():
            heard = hearings[name].heard[decoder]
            size = len(each.phones)
            nearest.append(Count(name, nearest_edits(each.accepted, heard), size))
            usual.append(Count(name, edits(each.phones, heard), size))
        out[decoder] = {"nearest": share(nearest), "usual": share(usual)}
    return out


@torch.inference_mode()
def told_apart(
    phones: Mapping[str, Sequence[str]], units: Mapping[str, str], hearings: Mapping[str, Hearing]
) -> list[tuple[str, contrasts.Told]]:
    """Every contrasted phone of these recordings with the unit it is counted under."""
    return [
        (units.get(name, name), told)
        for name, own in phones.items()
        for told in contrasts.tell(hearings[name].log_probs, own)
    ]


def spanish_share(units: Mapping[str, str], hearings: Mapping[str, Hearing]) -> dict[str, Figure]:
    """Spanish symbols among all phones heard in these English recordings, by decoder."""
    return {
        decoder: share(
            [
                Count(unit, sum(PHONES[p].is_spanish for p in heard), len(heard))
                for name, unit in units.items()
                for heard in [hearings[name].heard[decoder]]
            ]
        )
        for decoder in DECODERS
    }


class Weighed(NamedTuple):
    """A plant and how much likelier (nats) what was said is than what is asked, by evidence."""

    plant: Plant
    speaker: str
    gains: dict[str, float]


@torch.inference_mode()
def weigh(
    model: Listener,
    plants: Sequence[Plant],
    learners: Mapping[str, Learner],
    hearings: Mapping[str, Hearing],
) -> list[Weighed]:
    """Both sequences of every plant by the CTC branch, by the transducer, and by both together."""
    by_take: dict[str, list[Plant]] = {}
    for plant in plants:
        by_take.setdefault(plant.utt_id, []).append(plant)
    out = []
    for name, members in by_take.items():
        who, hearing = learners[name], hearings[name]
        said = list(who.phones)
        sequences = [symbols(said)]
        for plant in members:
            at = who.take.keys.index((plant.word_index, plant.phone_index))
            assert said[at] == plant.said, plant
            sequences.append(symbols([*said[:at], plant.asked, *said[at + 1 :]]))
        ctc = likelihoods(hearing.log_probs, sequences)
        transducer = transducer_likelihoods(model, hearing.encoded, sequences)
        for number, plant in enumerate(members, 1):
            gains = {
                "ctc": float(ctc[0] - ctc[number]),
                "transducer": float(transducer[0] - transducer[number]),
            }
            gains["sum"] = gains["ctc"] + gains["transducer"]
            out.append(Weighed(plant, who.speaker, gains))
    return out


def two_choices(weighed: Sequence[Weighed], pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Share of plants whose said sequence is the likelier, by evidence: over all and by pair.

    `worst` is the least of the pairs that have enough plants.
    """
    chosen = [w for w in weighed if w.plant.pair in pairs]
    out: dict[str, Any] = {"takes": len({w.plant.utt_id for w in chosen})}
    for evidence in ("ctc", "transducer", "sum"):
        by_pair = {
            f"{asked}<-{said}": share(_right(chosen, evidence, (asked, said)))
            for asked, said in pairs
            if any(w.plant.pair == (asked, said) for w in chosen)
        }
        judged = [f.value for f in by_pair.values() if f.of >= FEWEST]
        out[evidence] = {
            "all": share(_right(chosen, evidence)),
            "worst": min(judged, default=float("nan")),
            "pairs": by_pair,
        }
    return out


def _right(
    weighed: Sequence[Weighed], evidence: str, pair: tuple[str, str] | None = None
) -> list[Count]:
    return [
        Count(w.speaker, w.gains[evidence] > 0, 1)
        for w in weighed
        if pair is None or w.plant.pair == pair
    ]


def errors_heard(
    learners: Mapping[str, Learner], hearings: Mapping[str, Hearing]
) -> dict[str, dict[str, Figure]]:
    """How often another phone, or none, is heard where one is expected, by decoder.

    `wrong`: among phones that the experts scored under 1 (a find); `right`: among those they
    scored 1.8 and more (a false alarm).
    """
    out: dict[str, dict[str, Figure]] = {}
    for decoder in DECODERS:
        wrong, right = [], []
        for name, who in learners.items():
            heard = hearings[name].heard[decoder]
            for pair in align(who.phones, heard):
                if pair.ref is None:
                    continue
                other = pair.heard is None or heard[pair.heard] != who.phones[pair.ref]
                score = who.scores[pair.ref]
                if score < WRONG_BELOW:
                    wrong.append(Count(who.speaker, other, 1))
                elif score >= DOUBT_BELOW:
                    right.append(Count(who.speaker, other, 1))
        out[decoder] = {"wrong": share(wrong), "right": share(right)}
    return out


def rows(model: Listener, material: Material) -> dict[str, Any]:
    """All rows that ask what a listener hears."""
    learners = material.learners
    learned = hear(model, material.of_learners())
    english = hear(model, material.of_readers(material.english))
    spanish = hear(model, material.of_readers(material.spanish))
    words = hear(model, material.of_readers(material.english_words), ("ctc",))
    spoken = {s.unit: s for s in contrasts.one_voice()}
    voices = hear(model, {n: normalise(log_mel(s.samples)) for n, s in spoken.items()}, ("ctc",))
    good = {n: who for n, who in learners.items() if who.accuracy >= GOOD}
    speakers = {n: who.speaker for n, who in good.items()}
    unseen = {n: r for n, r in material.spanish.items() if not r.seen}
    single = material.spanish | material.english_words
    seen_phones = {n: r.phones for n, r in single.items() if r.seen}
    unseen_phones = {n: r.phones for n, r in (single | material.english).items() if not r.seen}
    unseen_phones |= {n: who.phones for n, who in good.items()}
    real = learned | english | spanish | words
    voice_phones = {n: s.phones for n, s in spoken.items()}
    weighed = weigh(model, material.plants, learners, learned)
    return {
        "per_good": per_good(learners, learned),
        "per_native_english": per_native(material.english, english),
        "per_native_spanish": per_native(unseen, spanish),
        "told_apart": {
            "real_unseen": contrasts.balanced(told_apart(unseen_phones, speakers, real)),
            "real_seen": contrasts.balanced(told_apart(seen_phones, {}, real)),
            "one_voice": contrasts.balanced(told_apart(voice_phones, {}, voices)),
        },
        "spanish_in_english": {
            "LJ003": spanish_share({name: name for name in english}, english),
            "learners": spanish_share(speakers, learned),
        },
        "two_choices": two_choices(weighed, PAIRS),
        "two_choices_reversed": two_choices(weighed, REVERSED),
    }


class Bar(NamedTuple):
    """Where a row of the bars lies in the result, what it must reach and what it should."""

    row: str
    path: str
    bar: float
    reach: float
    least: bool = False  # the bar is a lower limit


BARS = (
    Bar("per_good", "per_good ctc all", 0.30, 0.20),
    Bar("PER, native English, LJ003", "per_native_english ctc nearest", 0.20, 0.12),
    Bar("PER, native Spanish, unseen words", "per_native_spanish ctc nearest", 0.25, 0.15),
    Bar("languages told apart, real", "told_apart real_unseen all balanced", 0.80, 0.92, True),
    Bar("languages told apart, one voice", "told_apart one_voice all balanced", 0.80, 0.92, True),
    Bar("Spanish symbols, LJ003", "spanish_in_english LJ003 ctc", 0.02, 0.005),
    Bar("Spanish symbols, learners", "spanish_in_english learners ctc", 0.04, 0.01),
    Bar("two choices, over all", "two_choices ctc all", 0.88, 0.97, True),
    Bar("two choices, worst pair", "two_choices ctc worst", 0.70, 0.90, True),
    Bar("RTF, streaming listener", "speed streaming clock", 0.03, 0.015),
    Bar("RTF, engine", "speed engine clock", 0.04, 0.02),
    Bar(f"{MANY} live takes, p95 delay of a partial", "speed many_live p95_s", 0.5, 0.3),
    Bar("bundle, MB", "bundle megabytes", 15, 8),
    Bar("bundle, seconds to load", "bundle load_s", 1, 1),
)


def against_bars(result: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Every bar that the result holds a figure for: value, bar, reach, met."""
    out = {}
    for row, path, bar, reach, least in BARS:
        value: Any = result
        for key in path.split():
            value = value.get(key, {})
        if value != {}:
            value = value.value if isinstance(value, Figure) else value
            met = value >= bar if least else value <= bar
            out[row] = {"value": value, "bar": bar, "reach": reach, "met": met}
    return out


def compared(model: Listener, material: Material) -> dict[str, Any]:
    """What tells one architecture from another, on learners alone."""
    learned = hear(model, material.of_learners())
    weighed = weigh(model, material.plants, material.learners, learned)
    return {
        "per_good": per_good(material.learners, learned),
        "errors_heard": errors_heard(material.learners, learned),
        "two_choices": two_choices(weighed, PAIRS),
    }
