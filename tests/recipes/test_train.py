"""Training goes on from its checkpoint, and stops at once where the loss is not a number."""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import torch

from speech import audio, espeak
from speech.listener.features import log_mel
from speech.recipes.phonetic_rnnt.corpora import Utterance
from speech.recipes.phonetic_rnnt.train import disagreement

WORDS = ("red fish", "green tree", "big dog")
SMALL = "hidden=32 channels=16 context=8 layers=1 predictor=16 joint=16".split()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What `prepare` leaves, of three takes."""
    (tmp_path / "speechocean762").mkdir()
    (tmp_path / "speechocean762/utterances.tsv").write_text("utt_id\taccuracy\n")
    blocks, index, manifest, at = [], {}, [], 0
    for number, text in enumerate(WORDS):
        samples = audio.resample(*espeak.synthesise(text))
        blocks.append(log_mel(torch.from_numpy(samples)).half().numpy())
        index[f"t{number}"] = (at, len(blocks[-1]))
        at += len(blocks[-1])
        labels = espeak.phones(text)
        manifest.append(json.dumps(asdict(Utterance(f"t{number}", "x", "s", "train", "-", labels))))
    (tmp_path / "features_0.f16").write_bytes(np.concatenate(blocks).tobytes())
    (tmp_path / "index_0.json").write_text(json.dumps(index))
    (tmp_path / "manifest.jsonl").write_text("\n".join(manifest) + "\n")
    return tmp_path


def train(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "speech.recipes.phonetic_rnnt.train", *arguments]
    command += [part for setting in SMALL for part in ("--config", setting)]
    environ = os.environ | {"SPEECH_DATA": str(folder), "SPEECH_WORK": str(folder)}
    return subprocess.run(command, capture_output=True, text=True, env=environ)


def test_training_goes_on_with_the_weights_their_average_and_the_optimiser(folder: Path) -> None:
    states = []
    hours = 0.01
    for _ in range(2):  # the second time for one step more
        done = train(folder, "m", "--hours", repr(hours), "--batch", "2", "--average", "0.9")
        assert done.returncode == 0, done.stderr
        states.append(torch.load(folder / "m.pt", weights_only=True))
        hours = states[-1]["seen"] + 1e-6
    first, second = states
    assert second["step"] == first["step"] + 1
    assert int(second["optimiser"]["state"][0]["step"]) == second["step"]
    for name, averaged in second["averaged"].items():
        torch.testing.assert_close(
            averaged, 0.9 * first["averaged"][name] + 0.1 * second["model"][name]
        )
        assert (second["model"][name] - first["model"][name]).abs().max() < 1e-3


def test_a_loss_that_is_not_a_number_stops_with_the_batch_saved(folder: Path) -> None:
    features = np.memmap(folder / "features_0.f16", np.float16, "r+")
    features[80 * 10 : 80 * 60] = np.nan  # half a second of the first take
    features.flush()
    done = train(folder, "bad", "--batch", "60")
    assert done.returncode == 1
    saved = folder / "bad_nan.pt"
    assert done.stderr.strip() == f"loss is nan at step 0: batch saved in {saved}"
    batch = torch.load(saved, weights_only=True)
    assert {name for names in batch["names"] for name in names.split("+")} == {"t0", "t1", "t2"}
    assert batch["features"].isnan().any()
    assert not (folder / "bad.pt").exists()  # nothing broken is kept to go on from


def test_views_that_agree_cost_nothing_and_frames_past_the_end_do_not_count() -> None:
    one = torch.randn(2, 6, 5).log_softmax(-1)
    frames, lengths = torch.tensor([6, 4, 6, 4]), torch.tensor([2, 1, 2, 0])
    assert float(disagreement(torch.cat([one, one]), frames, lengths)) == pytest.approx(0, abs=1e-6)
    other = one.clone()
    other[1, 4:] = torch.randn(2, 5).log_softmax(-1)
    assert float(disagreement(torch.cat([one, other]), frames, lengths)) == pytest.approx(
        0, abs=1e-6
    )
    other[0, 0] = torch.randn(5).log_softmax(-1)
    assert float(disagreement(torch.cat([one, other]), frames, lengths)) > 0.01
