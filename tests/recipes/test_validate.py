"""`validate` refuses a manifest that training would trip over, by row and reason."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import soundfile

from speech import espeak
from speech.recipes.phonetic_rnnt import validate

CHOICES = [[["AY", "DH", "ER"], ["IY", "DH", "ER"]]]


@pytest.fixture
def row(tmp_path: Path) -> dict[str, Any]:
    """A row that nothing is wrong with."""
    path = tmp_path / "take.wav"
    soundfile.write(path, *espeak.synthesise("either"))
    good = {"id": "a", "source": "so", "speaker": "0001", "part": "train", "path": str(path)}
    return good | {"labels": ["AY?", "DH!", "ER"], "choices": CHOICES}


def manifest(folder: Path, *lines: str) -> Path:
    path = folder / "manifest.jsonl"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def command(path: Path) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-m", "speech.recipes.phonetic_rnnt.validate", str(path)]
    return subprocess.run(call, capture_output=True, text=True)


def test_a_good_manifest_passes(row: dict[str, Any], tmp_path: Path) -> None:
    path = manifest(tmp_path, json.dumps(row), json.dumps(row | {"id": "b", "choices": []}))
    done = command(path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "all rows are good" in done.stdout


def test_the_command_names_every_bad_row_and_fails(row: dict[str, Any], tmp_path: Path) -> None:
    bad = row | {"path": str(tmp_path / "gone.wav")}
    lines = [json.dumps(r) for r in (row, row | {"id": "b", "labels": []}, bad, row)]
    done = command(manifest(tmp_path, *lines, "{nonsense"))
    assert (done.returncode, done.stdout) == (1, "")
    found = done.stderr.splitlines()
    assert found[:3] == [
        "row 2 (b): empty transcript",
        f"row 3 (a): missing file {bad['path']}",
        "row 4 (a): id already in row 1",
    ]
    assert len(found) == 4 and found[3].startswith("row 5 (?): not a manifest row: ")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"labels": ["AY", "QQ", "es_ñ"]}, "unknown phone QQ, es_ñ"),
        ({"labels": ["AY", "DH??"]}, "unknown phone DH?"),
        ({"labels": ["blank"]}, "unknown phone blank"),
        ({"choices": [[["AY", "xx"]]]}, "unknown phone xx"),
        ({"choices": [[["AY"]], []]}, "a word without pronunciations"),
        ({"labels": "AY"}, "labels are not a list"),
        ({"part": "test"}, "unknown part 'test'"),
        ({"speaker": "", "source": None}, "lacks source, speaker"),
        ({"path": __file__}, "not audio: "),
        ({"path": str(Path(__file__).parent)}, "missing file "),
        ({"labels": ["AY", 3]}, "not a manifest row: "),
        ({"choices": None}, "not a manifest row: "),
        ({"labels": ["AY"] * 200}, "200 labels in "),
    ],
)
def test_what_is_wrong_is_said(
    change: dict[str, Any], reason: str, row: dict[str, Any], tmp_path: Path
) -> None:
    lines = json.dumps(row), json.dumps(row | {"id": "b"} | change)
    found = list(validate.problems(manifest(tmp_path, *lines)))
    assert len(found) == 1
    assert found[0].startswith(("row 2 (b): ", "row 2 (?): "))
    assert found[0].partition("): ")[2].startswith(reason)


@pytest.mark.parametrize("line", ["", "[1, 2]", "7", "null", '"row"', '{"id": "a"'])
def test_what_is_no_row_is_refused(line: str, row: dict[str, Any], tmp_path: Path) -> None:
    found = list(validate.problems(manifest(tmp_path, line, json.dumps(row))))
    assert len(found) == 1
    assert found[0].startswith("row 1 (?): not a manifest row: ")


def test_the_most_labels_that_the_audio_can_hold_pass(row: dict[str, Any], tmp_path: Path) -> None:
    def found(count: int) -> list[str]:
        line = json.dumps(row | {"labels": ["AY", "ER"] * (count // 2) + ["S"] * (count % 2)})
        return list(validate.problems(manifest(tmp_path, line)))

    most = max(count for count in range(1, 60) if not found(count))
    seconds = soundfile.info(row["path"]).duration
    assert most == pytest.approx(seconds / 0.04, abs=2)  # one in each frame of 40 ms


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", None])
def test_a_manifest_that_is_empty_unreadable_or_absent_is_refused(
    content: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "manifest.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SystemExit) as stopped:
        validate.refuse(path)
    said = capsys.readouterr().err + str(stopped.value)
    assert stopped.value.code not in (0, None)
    assert "the manifest is empty" in said if content == b"" else str(path) in said
