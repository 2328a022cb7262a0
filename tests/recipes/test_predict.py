"""`predict` answers for every take and every row, even for what the product would refuse."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from speech.recipes.phonetic_rnnt.metrics import average_precision, edits, pearson
from tests.voices import learners

PHONES = [("0", "WE", ["W", "IY0"]), ("1", "CALL", ["K", "AO0", "L"])]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five takes: real speech, silence, one sample, a picture, no file at all."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "audio").mkdir()
    speech = np.frombuffer(learners(5)[0].pcm, "<i2")
    soundfile.write(folder / "audio" / "speech.flac", speech, 16_000)
    soundfile.write(folder / "audio" / "silence.wav", np.zeros((44_100, 2)), 44_100)
    soundfile.write(folder / "audio" / "sample.wav", np.ones(1), 16_000)
    (folder / "audio" / "picture.opus").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(99))
    takes = ["speech", "silence", "sample", "picture", "nothing"]
    lines = ["utt_id\ttext", *(f"{take}\tWE CALL" for take in takes)]
    (folder / "utterances.tsv").write_text("\n".join(lines) + "\n")
    lines = ["utt_id\tword_index\tword\tphone_index\tphone"]
    for take in takes:
        for index, word, phones in PHONES:
            lines += [f"{take}\t{index}\t{word}\t{n}\t{p}" for n, p in enumerate(phones)]
    (folder / "phones.tsv").write_text("\n".join(lines) + "\n")
    return folder


def test_a_line_for_every_take_and_an_entry_for_every_row(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    command = [sys.executable, "-m", "speech.recipes.phonetic_rnnt.predict"]
    subprocess.run([*command, "--data", folder, "--out", out], check=True, capture_output=True)
    records = [json.loads(line) for line in out.read_text().splitlines()]
    assert [r["utt_id"] for r in records] == ["speech", "silence", "sample", "picture", "nothing"]
    for record in records:
        assert set(record) == {
            "utt_id", "heard", "spent_s", "judged_s", "duration_s", "phones", "words", "utterance",
        }  # fmt: skip
        keys = [(p["word_index"], p["phone_index"], p["phone"]) for p in record["phones"]]
        assert keys == [(0, 0, "W"), (0, 1, "IY"), (1, 0, "K"), (1, 1, "AO"), (1, 2, "L")]
        for phone in record["phones"]:
            assert phone["verdict"] in ("right", "wrong", "missing", "unsure")
            assert 0 <= phone["p_wrong"] <= 1 and 0 <= phone["score"] <= 1
        assert [w["word_index"] for w in record["words"]] == [0, 1]
        assert 0 <= record["utterance"]["accuracy"] <= 1
        assert record["spent_s"] > 0


def test_the_metrics_have_their_textbook_values() -> None:
    assert edits(["K", "AE", "T"], ["K", "AH", "T", "S"]) == 2
    assert pearson([1, 2, 3], [2, 4, 6.5]) == pytest.approx(0.997, abs=1e-3)
    assert pearson([1, 1, 1], [1, 2, 3]) == 0.0
    # Hits at ranks 1, 3 and 4: (1 + 2/3 + 3/4) / 3.
    assert average_precision([0.9, 0.8, 0.7, 0.6, 0.5], [1, 0, 1, 1, 0]) == pytest.approx(
        0.80556, abs=1e-4
    )
