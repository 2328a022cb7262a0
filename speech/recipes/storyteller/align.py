"""Stage: the frames of every phone and pause.

`python -m speech.recipes.storyteller.align --rounds 2`
Of synthetic clips the times are known; of real ones our own listener says about when each phone
was. A small network learns from both which phone a frame is, aligns the real clips by Viterbi
between the listener's spikes, and learns again. Writes WORK/voice/aligned.json: for each clip its
words and the frames of each unit.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pad_sequence
from torchaudio.functional import forced_align, merge_tokens

from speech import audio, espeak
from speech.engine import Engine
from speech.errors import SpeechError
from speech.listener.decode import FRAME_S
from speech.narrator import front_end
from speech.narrator.mel import HOP, MELS, RATE, log_mel
from speech.narrator.units import FIRST_PHONE, SYMBOLS, Said, Units, units
from speech.phones import INDEX as SYMBOL
from speech.phones import INVENTORY, is_vowel
from speech.recipes.l2gen.voices import carried, divided
from speech.recipes.phonetic_rnnt import corpora, prepare
from speech.recipes.storyteller import clips, synthetic
from speech.recipes.storyteller.prepare import word_name

TARGET = clips.FOLDER / "aligned.json"
CLASSES = ("sil", *INVENTORY)
CLASS = {name: at for at, name in enumerate(CLASSES)}
SHORTEST = 2  # frames of a phone
SLACK = 0.0  # frames that a unit may go beyond the spike of the phone beside it
FENCE = 30.0  # nats
PRIOR = 0.8  # how much of a class's frequency is taken out of its posterior
CROP = 200  # frames of a clip that are learnt from at once


class Sentence(NamedTuple):
    words: list[Said]
    kind: str


class Aligned(NamedTuple):
    speaker: str
    sentence: Sentence
    frames: list[int]  # of each of the sentence's units


class Aligner(nn.Module):
    """Log mel (B, T, MELS) -> logits of CLASSES (B, T, C) from some 50 ms around each frame.

    With more context it would learn wrong boundaries by heart instead of mending them.
    """

    prior: Tensor

    def __init__(self, size: int = 256) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv1d(MELS, size, 5, padding=2),
            nn.ReLU(),
            nn.Dropout(0.1),
            nn.Conv1d(size, size, 5, padding=2),
            nn.ReLU(),
            nn.Dropout(0.1),
            nn.Conv1d(size, len(CLASSES), 1),
        )
        self.register_buffer("prior", torch.zeros(len(CLASSES)))

    def forward(self, mel: Tensor) -> Tensor:
        mel = (mel - mel.mean(1, keepdim=True)) / 2
        out: Tensor = self.layers(mel.transpose(1, 2)).transpose(1, 2)
        return out

    @torch.inference_mode()
    def scores(self, mel: Tensor) -> NDArray[np.float32]:
        """(T, MELS) -> log likelihoods but for a constant: posteriors over priors, (T, C)."""
        posterior = self(mel.float()[None])[0].log_softmax(-1)
        out: NDArray[np.float32] = (posterior - PRIOR * self.prior).numpy()
        return out


def sentence_of(text: str, heard: Sequence[str] | None) -> Sentence:
    """A text as one sentence; with the phones `heard` where its words were said otherwise."""
    parts = front_end.sentences(text)
    words = [word for part in parts for word in part.words]
    if heard is None:
        said = [Said(w.phones, w.stress, w.quoted, w.after) for w in words]
    else:
        written = tuple(w.phones for w in words)
        spoken = divided(written, list(heard))
        digits = [
            "".join(str(s) for p, s in zip(w.phones, w.stress, strict=True) if is_vowel(p))
            for w in words
        ]
        stress = carried(written, digits, spoken)
        said = [
            Said(phones, _stress(phones, marks), w.quoted, w.after)
            for w, phones, marks in zip(words, spoken, stress, strict=True)
        ]
    return Sentence(said, parts[-1].kind)


def _stress(phones: Sequence[str], digits: str) -> tuple[int, ...]:
    left = iter(digits)
    return tuple(int(next(left)) if is_vowel(p) else 0 for p in phones)


def material() -> Iterator[tuple[str, str, Sentence]]:
    """Every clip that can be aligned: its name, speaker and sentence."""
    labels = {u.id: u.labels for u in prepare.relabelled([*corpora.ljspeech()])}
    for name, text in clips.texts().items():
        yield name, "lj", sentence_of(text, labels.get(name))
    for row in corpora.rows(corpora.DATA / "gcompris" / "words.tsv"):
        name = word_name(row["path"])
        spanish = row["language"] == "es"
        text = row["word"]
        try:
            made = sentence_of(text, espeak.phones(text, "es") if spanish else None)
        except SpeechError:
            continue
        yield name, f"gc_{row['language']}", made
    for name in clips.names("fl"):
        text, spans = synthetic.read(name)
        heard = [span.phone for span in spans if span.phone != synthetic.SILENCE]
        yield name, name.split("_")[0], sentence_of(text, heard)


def frame_labels(name: str, frames: int) -> NDArray[np.int64]:
    """The class of every frame of a synthetic clip."""
    labels = np.zeros(frames, np.int64)
    start = 0
    for phone, end_s in synthetic.read(name)[1]:
        end = min(frames, round(end_s * RATE / HOP))
        labels[start:end] = CLASS[phone]
        start = end
    return labels


def printed(name: str, frames: int, sentence: Units) -> list[int]:
    """The frames of each unit of a synthetic clip, by the times that flite printed."""
    phones = iter([at for at, s in enumerate(sentence.symbols.tolist()) if s >= FIRST_PHONE])
    out = [0] * len(sentence.symbols)
    unit = start = 0
    for phone, end_s in synthetic.read(name)[1]:
        end = min(frames, round(end_s * RATE / HOP))
        if phone != synthetic.SILENCE:
            unit = next(phones)
        elif unit:
            unit = int(np.flatnonzero(sentence.symbols[unit:].numpy() < FIRST_PHONE)[0]) + unit
        out[unit] += end - start
        start = end
    out[-1] += frames - start
    return out


def spikes(engine: Engine, name: str, sentence: Units) -> NDArray[np.float64]:
    """The frame about which our own listener hears each unit; (U,), NaN for boundaries.

    CTC (Graves et al., 2006) says in which order and about when, but not where a phone begins.
    """
    at = [i for i, s in enumerate(sentence.symbols.tolist()) if s >= FIRST_PHONE]
    hearing = engine.hear(audio.resample(clips.read(name).samples, RATE))
    wanted = torch.tensor([[SYMBOL[SYMBOLS[sentence.symbols[i]]] for i in at]], dtype=torch.int32)
    out = np.full(len(sentence.symbols), np.nan)
    path, scores = forced_align(hearing.log_probs[None], wanted)
    for unit, token in zip(at, merge_tokens(path[0], scores[0].exp()), strict=True):
        out[unit] = (token.start + token.end) / 2 * FRAME_S * RATE / HOP
    return out


def roughly(spiked: NDArray[np.float64], frames: int) -> list[int]:
    """The frames of each unit by its spike alone: boundaries in the middle between two."""
    phones = np.flatnonzero(~np.isnan(spiked))
    edges = (spiked[phones][1:] + spiked[phones][:-1]) / 2
    first = max(0.0, spiked[phones[0]] - 4)
    last = min(float(frames), spiked[phones[-1]] + 6)
    ends = np.round(np.concatenate([[first], edges, [last], [frames]])).astype(int)
    whole = np.diff(np.maximum.accumulate(np.clip(ends, 0, frames)), prepend=0)
    out = np.zeros(len(spiked), int)
    out[[0, *phones, len(spiked) - 1]] = whole
    counted: list[int] = out.tolist()
    return counted


def fenced(
    scores: NDArray[np.float32], unit_of: Sequence[int], spiked: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Scores (T, S) with a unit kept between the spikes of the phones beside it."""
    phones = np.flatnonzero(~np.isnan(spiked))
    clock = np.arange(len(scores))
    out = scores.copy()
    for state, unit in enumerate(unit_of):
        before, after = phones[phones < unit], phones[phones > unit]
        if len(before):
            out[clock < spiked[before[-1]] - SLACK, state] -= FENCE
        if len(after):
            out[clock > spiked[after[0]] + SLACK, state] -= FENCE
    return out


def viterbi(
    log_probs: NDArray[np.float32],
    sentence: Units,
    spiked: NDArray[np.float64] | None = None,
) -> list[int]:
    """The likeliest frames of each unit, (T, C) log likelihoods given; boundaries may have none.

    States in a row: SHORTEST for a phone, the last of which stays; one that may be left out for a
    boundary.
    """
    state_class: list[int] = []
    unit_of: list[int] = []
    optional: list[bool] = []
    stays: list[bool] = []
    for at, symbol in enumerate(sentence.symbols.tolist()):
        phone = symbol >= FIRST_PHONE
        for index in range(SHORTEST if phone else 1):
            state_class.append(CLASS[SYMBOLS[symbol]] if phone else 0)
            unit_of.append(at)
            optional.append(not phone)
            stays.append(not phone or index == SHORTEST - 1)
    scores = log_probs[:, state_class]  # (T, S)
    if spiked is not None:
        scores = fenced(scores, unit_of, spiked)
    total, states = scores.shape
    stay = np.where(stays, 0.0, -np.inf)
    skip = np.full(states, -np.inf)  # from two before, over an optional state
    skip[2:] = np.where(np.array(optional[1:-1]), 0.0, -np.inf)
    best = np.full(states, -np.inf)
    best[0] = scores[0, 0]
    if optional[0] and states > 1:
        best[1] = scores[0, 1]
    back = np.zeros((total, states), np.int8)
    for t in range(1, total):
        moves = np.full((3, states), -np.inf)
        moves[0] = best + stay
        moves[1, 1:] = best[:-1]
        moves[2, 2:] = best[:-2] + skip[2:]
        back[t] = moves.argmax(0)
        best = moves.max(0) + scores[t]
    state = states - 1
    if optional[-1] and states > 1 and best[-2] > best[-1]:
        state = states - 2
    frames = [0] * len(sentence.symbols)
    for t in range(total - 1, -1, -1):
        frames[unit_of[state]] += 1
        state -= int(back[t, state])
    return frames


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=500, help="a round")
    args = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(1)
    rng = random.Random(0)
    found = list(material())
    mels = {}
    for name, _, _ in found:
        clip = clips.read(name)
        mels[name] = log_mel(torch.from_numpy(clip.samples))[: len(clip.f0)].half()
    print(f"{len(found)} clips, {sum(map(len, mels.values())) * HOP / RATE / 3600:.2f} h")
    sentence = {name: units(made.words, made.kind) for name, _, made in found}
    speaker = {name: who for name, who, _ in found}
    labels = {
        name: torch.from_numpy(frame_labels(name, len(mels[name])))
        for name in mels
        if name.startswith("fl")
    }
    engine = Engine.load()
    frames: dict[str, list[int]] = {}
    spiked = {}
    for name in (n for n in mels if not n.startswith("fl")):
        spiked[name] = spikes(engine, name, sentence[name])
        frames[name] = roughly(spiked[name], len(mels[name]))
        labels[name] = classes(sentence[name], frames[name])
    print("heard", flush=True)
    aligner = Aligner()
    optimiser = torch.optim.Adam(aligner.parameters(), 2e-3)
    for turn in range(args.rounds):
        groups = [[n for n in labels if speaker[n] == who] for who in sorted({*speaker.values()})]
        counts = torch.ones(len(CLASSES))
        for group in groups:
            whole = torch.cat([labels[n] for n in group]) if group else torch.zeros(0).long()
            counts += torch.bincount(whole, minlength=len(CLASSES)) / max(1, len(whole)) * 1e5
        aligner.prior = (counts / counts.sum()).log()
        _learn(aligner, optimiser, mels, labels, [g for g in groups if g], args.steps, rng)
        aligner.eval()
        cost = 0.0
        for name in (n for n in mels if not n.startswith("fl")):
            log_probs = aligner.scores(mels[name])
            frames[name] = viterbi(log_probs, sentence[name], spiked[name])
            labels[name] = classes(sentence[name], frames[name])
            if speaker[name] == "lj":
                picked = log_probs[np.arange(len(labels[name])), labels[name].numpy()]
                cost -= float(picked.mean())
        aligner.train()
        print(f"round {turn}: {cost / 483:.3f} nats a frame on the reader", flush=True)
    for name in (n for n in mels if n.startswith("fl")):
        frames[name] = printed(name, len(mels[name]), sentence[name])
    kept = {
        name: {
            "speaker": speaker[name],
            "kind": made.kind,
            "words": [[w.phones, w.stress, w.quoted, w.after] for w in made.words],
            "frames": frames[name],
        }
        for name, _, made in found
    }
    TARGET.write_text(json.dumps(kept))
    torch.save(aligner.state_dict(), clips.FOLDER / "aligner.pt")


def classes(sentence: Units, frames: Sequence[int]) -> Tensor:
    """The class of every frame."""
    of_unit = torch.tensor(
        [CLASS[SYMBOLS[s]] if s >= FIRST_PHONE else 0 for s in sentence.symbols.tolist()]
    )
    return of_unit.repeat_interleave(torch.tensor(frames))


def _learn(
    aligner: Aligner,
    optimiser: torch.optim.Optimizer,
    mels: dict[str, Tensor],
    labels: dict[str, Tensor],
    groups: list[list[str]],
    steps: int,
    rng: random.Random,
) -> None:
    """Steps on clips of all speakers alike, their spectra tilted and warped a little."""
    began, mean = time.monotonic(), 0.0
    for step in range(steps):
        names = [rng.choice(rng.choice(groups)) for _ in range(16)]
        starts = [rng.randint(0, max(0, len(mels[n]) - CROP)) for n in names]
        cut = [slice(start, start + CROP) for start in starts]
        mel = pad_sequence(
            [mels[n][c].float() for n, c in zip(names, cut, strict=True)], batch_first=True
        )
        wanted = pad_sequence(
            [labels[n][c] for n, c in zip(names, cut, strict=True)],
            batch_first=True,
            padding_value=-100,
        )
        shift = rng.randint(-3, 3)
        mel = torch.roll(mel, shift, -1) + torch.linspace(-1, 1, MELS) * rng.uniform(-1, 1)
        mel[..., rng.randint(0, 60) :][..., : rng.randint(0, 8)] = -6.0
        logits = aligner(mel)
        loss = F.cross_entropy(logits.flatten(0, 1), wanted.flatten(), label_smoothing=0.05)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(aligner.parameters(), 5.0)
        optimiser.step()
        mean += (float(loss.detach()) - mean) / min(step + 1, 50)
    print(f"loss {mean:.3f}, {time.monotonic() - began:.0f} s", flush=True)


def read() -> dict[str, Aligned]:
    """What was aligned."""
    kept = json.loads(TARGET.read_text())
    return {
        name: Aligned(
            row["speaker"],
            Sentence([Said(tuple(p), tuple(s), q, a) for p, s, q, a in row["words"]], row["kind"]),
            row["frames"],
        )
        for name, row in kept.items()
    }


if __name__ == "__main__":
    main()
