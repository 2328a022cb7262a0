"""Stage: synthetic speech whose phones and times are known, for text-to-prosody pretraining.

`python -m speech.recipes.storyteller.synthetic TEXTS` speaks what the reader reads and every line
of TEXTS with flite's best voice and every third with its other one, and writes clips and
WORK/voice/spans/NAME.json.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import soundfile

from speech import audio
from speech.narrator.mel import RATE
from speech.phones import INVENTORY
from speech.recipes.phonetic_rnnt.synthesise import FLITE_PHONES
from speech.recipes.storyteller import clips

SILENCE = "sil"
EVERY = {"slt": 1, "rms": 3}  # which lines a voice says


class Span(NamedTuple):
    """A phone or SILENCE and the second where it ends."""

    phone: str
    end_s: float


def path(name: str) -> Path:
    return clips.FOLDER / "spans" / f"{name}.json"


def read(name: str) -> tuple[str, list[Span]]:
    """The text of a synthetic clip and what was spoken when."""
    kept = json.loads(path(name).read_text(encoding="utf-8"))
    return kept["text"], [Span(*each) for each in kept["spans"]]


def speak(name: str, text: str, voice: str) -> None:
    """Have flite say a text; keep the clip and its spans."""
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "said.wav"
        command = ["flite", "-voice", voice, "-psdur", "-t", text, "-o", str(wav)]
        out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        samples, rate = soundfile.read(wav, dtype="float32")
    spans = []
    for symbol, end in re.findall(r"([a-z#0-9]+):([\d.]+)", out):
        phone = FLITE_PHONES.get(symbol, symbol.upper())
        spans.append(Span(phone if phone in INVENTORY else SILENCE, float(end)))
    clips.write(name, audio.resample(samples, rate, RATE))
    path(name).parent.mkdir(parents=True, exist_ok=True)
    record = {"text": text, "voice": voice, "spans": spans}
    path(name).write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")


def _read() -> list[str]:
    """The reader's texts, but for those kept unseen."""
    return [text for name, text in clips.texts().items() if not name.startswith("LJ003")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", type=Path)
    args = parser.parse_args()
    lines = [*_read(), *args.texts.read_text(encoding="utf-8").splitlines()]
    jobs = [
        (f"fl{voice}_{at:05d}", text, voice)
        for voice, step in EVERY.items()
        for at, text in enumerate(lines)
        if at % step == 0 and text.strip()
    ]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda job: speak(*job), (j for j in jobs if not path(j[0]).exists())))
    print(f"{len(jobs)} clips", flush=True)


if __name__ == "__main__":
    main()
