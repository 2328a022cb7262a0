"""Refuse a manifest that training would trip over, with the row and what is wrong with it.

`python -m speech.recipes.phonetic_rnnt.validate [MANIFEST]` prints `row N (id): reason` for every
bad row and ends with exit status 1, or says how many rows are good.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import soundfile

from speech.listener.features import frames_of
from speech.listener.model import encoder_frames
from speech.phones import INVENTORY
from speech.recipes.phonetic_rnnt.corpora import WORK

FIELDS = ("id", "source", "speaker", "part", "path", "labels")
PARTS = ("train", "dev", "report", "unseen")


def problem(record: dict[str, Any]) -> str:
    """What is wrong with a row; "" where nothing is."""
    if missing := [field for field in FIELDS if not record.get(field)]:
        return "empty transcript" if missing == ["labels"] else f"lacks {', '.join(missing)}"
    if record["part"] not in PARTS:
        return f"unknown part {record['part']!r}"
    if not isinstance(record["labels"], list):
        return "labels are not a list"
    sounds = [label[:-1] if label.endswith(("?", "!")) else label for label in record["labels"]]
    sounds += [p for word in record.get("choices", ()) for phones in word for p in phones]
    if unknown := sorted({phone for phone in sounds if phone not in INVENTORY}):
        return f"unknown phone {', '.join(unknown)}"
    if not all(record.get("choices", ())):
        return "a word without pronunciations"
    if not Path(record["path"]).is_file():
        return f"missing file {record['path']}"
    try:
        info = soundfile.info(record["path"])
    except soundfile.SoundFileError as error:
        return f"not audio: {error}"
    if encoder_frames(frames_of(info.duration)) < len(record["labels"]):
        return f"{len(record['labels'])} labels in {info.duration:.2f} s of audio"
    return ""


def problems(path: Path) -> Iterator[str]:
    """Every bad row of a manifest, as `row N (id): reason`."""
    seen: dict[str, int] = {}
    number = 0
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            record = json.loads(line)
            name = record.get("id")
            reason = problem(record)
        except (ValueError, AttributeError, TypeError) as error:
            name, reason = "?", f"not a manifest row: {error}"
        if not reason and name in seen:
            reason = f"id already in row {seen[name]}"
        if reason:
            yield f"row {number} ({name}): {reason}"
        else:
            seen[name] = number
    if number == 0:
        yield "row 0 (): the manifest is empty"


def refuse(path: Path) -> None:
    """End the program if a manifest has bad rows, with all of them."""
    try:
        found = list(problems(path))
    except (OSError, UnicodeError) as error:
        raise SystemExit(f"{path}: {error}") from error
    if found:
        print("\n".join(found), file=sys.stderr)
        raise SystemExit(1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("manifest", nargs="?", type=Path, default=WORK / "manifest.jsonl")
    path = parser.parse_args().manifest
    refuse(path)
    print(f"{path}: all rows are good")


if __name__ == "__main__":
    main()
