"""Pieces put together anew lose no label; what is done to features leaves room for the labels."""

import json
import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch

from speech.listener.features import MELS
from speech.listener.model import STRIDE, encoder_frames
from speech.phones import INDEX, SYMBOLS
from speech.recipes.phonetic_rnnt import dataset
from speech.recipes.phonetic_rnnt.corpora import Utterance
from speech.recipes.phonetic_rnnt.cuts import cuts
from speech.recipes.phonetic_rnnt.dataset import Features, epoch, microphone, pieces, rejoined, warp

FRAMES = 400
SEEDS = range(60)


def take(name: str, speaker: str, count: int) -> Utterance:
    """A take whose labels are all different, so that each can be followed."""
    phones = [p for p in SYMBOLS[1:] if p.isalpha()]
    labels = tuple(f"{p}{mark}" for mark in ("", "?", "!") for p in phones)[:count]
    return Utterance(name, "so", speaker, "train", "-", labels)


TAKES = [take("a", "1", 20), take("b", "1", 12), take("c", "2", 40), take("d", "2", 1)]
CUTS = {
    "a": [(at, 20 * at) for at in range(1, 20)],
    "b": [(3, 10), (5, 20), (9, 300), (11, 370)],  # too near one another at first
    "c": [(at, 10 * at - 5) for at in range(1, 40)],
}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Features:
    """Frames that carry their own number; the second copy is faster by a tenth."""
    monkeypatch.setattr(dataset, "WORK", tmp_path)
    for copy, frames in enumerate((FRAMES, FRAMES * 10 // 11)):
        numbers = np.tile(np.arange(frames, dtype=np.float16), len(TAKES))
        block = np.repeat(numbers[:, None], MELS, 1)
        (tmp_path / f"features_{copy}.f16").write_bytes(block.tobytes())
        index = {u.id: (at * frames, frames) for at, u in enumerate(TAKES)}
        (tmp_path / f"index_{copy}.json").write_text(json.dumps(index))
    (tmp_path / "cuts.json").write_text(json.dumps(CUTS))
    return Features()


def test_pieces_of_a_take_follow_one_another_and_hold_all_of_it() -> None:
    seen = set()
    for utterance in TAKES:
        for seed in SEEDS:
            found = pieces(utterance, CUTS.get(utterance.id, []), random.Random(seed))
            assert tuple(label for p in found for label in p.labels) == utterance.labels
            assert all(p.labels for p in found)
            assert [p.start for p in found] == [0, *(p.end for p in found[:-1])]
            assert found[-1].end is None
            assert all(p.end is not None and p.end - p.start >= 25 for p in found[:-1])
            assert {(len(utterance.labels), None), *CUTS.get(utterance.id, [])} >= {
                (sum(len(p.labels) for p in found[: at + 1]), p.end) for at, p in enumerate(found)
            }  # a piece ends at a cut, with the labels before that cut
            seen.add(len(found))
    assert {1, 2, 3, 4, 5} <= seen


def test_rejoined_pieces_lose_no_label_and_mix_no_speakers(store: Features) -> None:
    of = {u.id: u for u in TAKES}
    whole = Counter((u.id, label) for u in TAKES for label in u.labels)
    orders = set()
    for seed in SEEDS:
        found = rejoined(TAKES, store, random.Random(seed))
        assert Counter((p.name, label) for s in found for p in s for label in p.labels) == whole
        for sequence in found:
            assert len({of[piece.name].speaker for piece in sequence}) == 1
            for piece in sequence:
                first = of[piece.name].labels.index(piece.labels[0])
                assert of[piece.name].labels[first : first + len(piece.labels)] == piece.labels
        orders.add(tuple(p.name for s in found for p in s))
    assert len(orders) > len(SEEDS) // 2


def test_pieces_share_out_every_frame_of_every_copy(store: Features) -> None:
    for copy in (0, 1):
        whole = store.get("a", copy)
        for seed in SEEDS:
            found = pieces(TAKES[0], CUTS["a"], random.Random(seed))
            parts = [store.get(p.name, copy, p.start, p.end) for p in found]
            assert torch.equal(torch.cat(parts), whole)


@pytest.mark.parametrize("split", [True, False])
def test_an_epoch_holds_every_label_once_with_frames_enough(store: Features, split: bool) -> None:
    batches = list(epoch(TAKES, store, 10, seed=3, split=split))
    count = sum(int(batch.lengths.sum()) for batch in batches)
    assert count == sum(len(u.labels) for u in TAKES)
    for batch in batches:
        assert (encoder_frames(batch.frames) > batch.lengths).all()
        assert batch.features.isfinite().all()
        assert batch.features.shape[:2] == (len(batch.names), int(batch.frames.max()))


def test_every_take_may_be_seen_twice_at_the_same_times(store: Features) -> None:
    for batch in epoch(TAKES, store, 10, seed=3, split=True, twice=True):
        half = len(batch.names) // 2
        assert batch.names[:half] == batch.names[half:]
        for rows in (batch.frames, batch.targets, batch.lengths):
            assert torch.equal(rows[:half], rows[half:])
        assert not torch.equal(batch.features[:half], batch.features[half:])


def test_a_take_too_short_for_its_labels_is_left_out(store: Features) -> None:
    crowded = Utterance("a", "so", "1", "train", "-", ("S", "T") * (FRAMES // 8))
    names = [n for b in epoch([crowded, TAKES[1]], store, 10, 1, split=False) for n in b.names]
    assert names == ["b"]


@pytest.mark.parametrize("room", [1, 2, 3, 5, 20])
def test_a_warped_take_keeps_frames_enough_for_its_labels(room: int) -> None:
    lengths = set()
    for seed in SEEDS:
        rng = random.Random(seed)
        features = torch.randn(rng.randint(40, 300), MELS)
        labels = encoder_frames(len(features)) - room
        out = warp(features, labels, rng)
        assert encoder_frames(len(out)) >= labels + min(room, 3)
        assert 0.79 < len(out) / len(features) < 1.21
        assert out.isfinite().all()
        lengths.add(len(out) / len(features))
    assert len(lengths) > 10


def test_any_microphone_gives_finite_features_and_hides_what_is_under_its_noise() -> None:
    for level in (-4.0, 0.0, 6.0, 1e4):
        for seed in SEEDS:
            out = microphone(torch.full((30, MELS), level), random.Random(seed))
            assert out.isfinite().all()
            assert out.mean() > -4


def test_a_cut_lies_between_its_phones_at_the_lowest_energy() -> None:
    wanted = ("S", "IH?", "P", "T!")
    said, peaks = ("S", "IY", "P", "K"), (10, 25, 40, 43)
    log_probs = torch.full((50, len(SYMBOLS)), 1e-4)
    log_probs[:, 0] = 1
    for phone, at in zip(said, peaks, strict=True):
        log_probs[at] = 1e-4
        log_probs[at, INDEX[phone]] = 1
    log_probs = (log_probs / log_probs.sum(1, keepdim=True)).log()
    features = torch.ones(50 * STRIDE, MELS)
    lowest = {1: 60, 2: 140, 3: 168}
    for frame in lowest.values():
        features[frame] = 0
    found = cuts(features, log_probs, wanted)
    assert found == list(lowest.items())
    for at, frame in found:
        assert peaks[at - 1] * STRIDE <= frame <= peaks[at] * STRIDE < len(features)
    # Without a dip only a pause is safe: the last two phones are too near.
    assert [at for at, _ in cuts(torch.ones(50 * STRIDE, MELS), log_probs, wanted)] == [1, 2]
