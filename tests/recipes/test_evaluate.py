"""`evaluate` compares predictions with the experts and says how sure each figure is."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import soundfile

from speech import criterion
from tests.voices import learners

FIGURES = ("per_good", "per", "phone_pcc", "phone_mse", "text_only_pcc", "word_pcc", "rtf")


def corpus(folder: Path) -> Path:
    """Six takes of three speakers, with scores made up for the shape of the files."""
    (folder / "audio").mkdir()
    tables: dict[str, list[str]] = {
        "utterances": ["utt_id\tspeaker\tgender\tage\taccuracy\ttext"],
        "words": ["utt_id\tword_index\tword\taccuracy"],
        "phones": ["utt_id\tword_index\tword\tphone_index\tphone\tscore"],
    }
    for n, voice in enumerate(learners(6)):
        samples = np.frombuffer(voice.pcm, "<i2")
        soundfile.write(folder / "audio" / f"t{n}.wav", samples, 16_000)
        person = f"{n % 3}\t{'mf'[n % 2]}\t{(8, 30, 40)[n % 3]}"
        tables["utterances"].append(f"t{n}\t{person}\t{9 + n % 2}\t{voice.text}")
        for w, word in enumerate(criterion.build(voice.text).words):
            tables["words"].append(f"t{n}\t{w}\t{word.word}\t{6 + (n + w) % 5}")
            for p, phone in enumerate(word.pronunciations[0]):
                score = 2 - (n + w + p) % 5 / 2
                tables["phones"].append(f"t{n}\t{w}\t{word.word}\t{p}\t{phone}\t{score}")
    for name, lines in tables.items():
        (folder / f"{name}.tsv").write_text("\n".join(lines) + "\n")
    return folder


def test_every_figure_comes_with_its_interval_and_its_cohorts(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "speech.recipes.phonetic_rnnt.evaluate", "--json"]
    done = subprocess.run(
        [*command, "--data", corpus(tmp_path)], check=True, capture_output=True, text=True
    )
    found = json.loads(done.stdout)
    assert set(found["cohorts"]) == {"children", "older", "female", "male"}
    for name in (*FIGURES, "red_1.0_precision", "red_0.5_average_precision"):
        low, high = found["intervals"][name]
        assert low <= high
        assert isinstance(found[name], float)
    assert 0 < found["per_good"] < 1
    assert found["cohorts"]["children"]["figures"]["takes"] == 2
