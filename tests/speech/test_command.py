"""python -m speech, as it is used from a shell."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from speech.__main__ import main
from tests.voices import synthesised

WORD_KEYS = set("word verdict score variant syllables phones read_as stress repeats".split())
PHONE_KEYS = {"phone", "letters", "said", "verdict", "score", "start_s", "end_s"}


def aligned(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main(["align", *arguments, "--json"]) == 0
    output = capsys.readouterr()
    assert output.err == ""
    found: dict[str, Any] = json.loads(output.out)
    return found


def verdicts(found: dict[str, Any], of: str = "phones") -> list[str]:
    return [each["verdict"] for each in found[of]]


def test_with_a_reference_exactly_that_one_counts(capsys: pytest.CaptureFixture[str]) -> None:
    found = aligned(capsys, "rabbit", "R AE B IH D", "--reference", "R AE B AH T")
    assert found["variant"] == "R AE B AH T"
    assert verdicts(found) == ["right", "right", "right", "wrong", "wrong"]
    assert verdicts(found, "syllables") == ["right", "wrong"]
    assert found["verdict"] == "wrong"


def test_without_one_the_nearest_accepted_pronunciation_counts(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = aligned(capsys, "rabbit", "R AE B IH D")
    assert found["variant"] == "R AE B IH T"
    assert verdicts(found) == ["right"] * 4 + ["wrong"]
    assert found["phones"][4]["phone"] == "T"
    assert found["phones"][4]["said"] == "D"


def test_the_word_object_has_its_keys(capsys: pytest.CaptureFixture[str]) -> None:
    found = aligned(capsys, "rabbit", "R AE B IH T")
    assert set(found) == WORD_KEYS
    assert found["verdict"] == "right"
    assert found["score"] == 1.0
    for phone in found["phones"]:
        assert set(phone) >= PHONE_KEYS
        assert phone["start_s"] is phone["end_s"] is None
    assert [p["letters"] for p in found["phones"]] == ["r", "a", "bb", "i", "t"]
    assert [set(s) for s in found["syllables"]] == [{"text", "verdict"}] * 2


def test_an_added_sound_stands_before_the_word_it_begins(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = aligned(capsys, "school", "es_e S K UW L")
    assert verdicts(found) == ["extra", "right", "right", "right", "right"]
    assert found["phones"][0]["phone"] is None
    assert found["phones"][0]["said"] == "es_e"
    assert found["phones"][0]["letters"] == ""


def test_a_sound_left_out_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    found = aligned(capsys, "cats", "K AE T")
    assert verdicts(found) == ["right", "right", "right", "missing"]
    assert found["phones"][3]["said"] is None


def test_nothing_said_is_a_missing_word(capsys: pytest.CaptureFixture[str]) -> None:
    assert aligned(capsys, "cat", "")["verdict"] == "missing"


def test_a_spanish_vowel_near_enough_is_unsure_and_a_trill_is_wrong(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert verdicts(aligned(capsys, "sea", "S es_i")) == ["right", "unsure"]
    assert verdicts(aligned(capsys, "red", "es_rr EH D")) == ["wrong", "right", "right"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["align", "rabbit", "R XX"], "bad_phone"),
        (["align", "rabbit", "R", "--reference", "QQ"], "bad_phone"),
        (["align", "rabbit", "R", "--reference", " "], "bad_phone"),
        (["align", "", "R"], "empty_text"),
        (["align", "日本", "R"], "unknown_word"),
        (["align", "two words", "R"], "unknown_word"),
        (["align", "x" * 5000, "R"], "text_too_long"),
        (["score", "/nowhere/at/all.wav", "rabbit"], "unreadable_audio"),
        (["score", "/nowhere/at/all.wav", ""], "empty_text"),
        (["hear", "/nowhere/at/all.wav"], "unreadable_audio"),
    ],
)
def test_a_failure_is_one_plain_line_with_its_code(
    arguments: list[str], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith(f"speech: {code}: ")
    assert output.err.count("\n") == 1


def test_a_picture_is_not_a_recording(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "cat.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    for command in (["score", str(picture), "rabbit"], ["hear", str(picture)]):
        assert main(command) == 2
        assert "unreadable_audio" in capsys.readouterr().err


def recording(path: Path, samples: np.ndarray) -> str:
    soundfile.write(path, samples, 16_000)
    return str(path)


def test_what_was_heard_has_times_confidence_and_other_readings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pcm = np.frombuffer(synthesised("we call it bear").pcm, "<i2")
    take = recording(tmp_path / "take.wav", pcm)
    assert main(["hear", take, "--beam", "8", "--nbest", "5", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == {"duration_s", "spent_s", "nbest"}
    assert found["duration_s"] == pytest.approx(len(pcm) / 16_000, abs=1e-3)
    assert found["spent_s"] > 0
    assert len(found["nbest"]) == 5
    for each in found["nbest"]:
        assert set(each) == {"log_prob", "phones"}
        for heard in each["phones"]:
            assert set(heard) == {"phone", "start_s", "end_s", "confidence"}
    best = [heard["phone"] for heard in found["nbest"][0]["phones"]]
    assert len(set(best) & set("W IY K AO L IH T B EH R".split())) >= 4

    assert main(["hear", take, "--beam", "8", "--nbest", "2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(best) + 2
    assert lines[-2].split()[1:] == best


def test_hearing_refuses_what_scoring_refuses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for seconds, level, code in ((2, 0.0, "too_quiet"), (31, 0.1, "too_long"), (0, 0, "empty")):
        sound = np.random.default_rng(1).normal(0, level, 16_000 * seconds)
        assert main(["hear", recording(tmp_path / "take.wav", sound)]) == 2
        output = capsys.readouterr()
        assert output.out == ""
        assert output.err.startswith(f"speech: {code}") and output.err.count("\n") == 1
    with pytest.raises(SystemExit) as refused:
        main(["hear", "take.wav", "--beam", "0"])
    assert refused.value.code == 2


def test_text_is_plain_where_it_goes_to_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["align", "rabbit", "R AE B IH D"]) == 0
    output = capsys.readouterr().out
    assert "\x1b" not in output
    assert "said D" in output
    assert output.splitlines()[0].startswith("✗ ra·bbit")


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_a_terminal_gets_colour_unless_it_says_no(no_color: str, coloured: bool) -> None:
    controller, terminal = os.openpty()
    environment = {**os.environ, "NO_COLOR": no_color, "TERM": "xterm"}
    command = [sys.executable, "-m", "speech", "align", "rabbit", "R AE B IH D"]
    subprocess.run(command, stdout=terminal, env=environment, check=True, timeout=60)
    os.close(terminal)
    shown = os.read(controller, 65536).decode()
    os.close(controller)
    assert ("\x1b[" in shown) is coloured
    assert "said D" in shown


@pytest.mark.parametrize(
    ("stdout", "code", "said"),
    [(">&-", 0, ""), (">/dev/full", 2, "speech: [Errno 28] No space left on device\n")],
)
def test_where_the_answer_cannot_go_nothing_breaks(stdout: str, code: int, said: str) -> None:
    command = f"exec '{sys.executable}' -m speech align rabbit 'R AE B' {stdout}"
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (code, said)
