"""python -m speech narrate with the shipped voice: every odd text and mistake has its outcome."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import soundfile

from speech.__main__ import main

STORY = '"Where is my red hat?" asked Lucía. Nobody knew, but the dog looked very happy.'


def narrated(text: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """What the command tells of a text, its sound checked."""
    out = folder / "told.wav"
    assert main(["narrate", text, "-o", str(out), "--json"]) == 0
    output = capsys.readouterr()
    assert output.err == ""
    told: dict[str, Any] = json.loads(output.out)
    samples, rate = soundfile.read(out)
    assert len(samples) / rate == pytest.approx(told["audio_s"], abs=0.01)
    assert 0.05 < abs(samples).max() < 1.0
    last = 0.0
    for word in told["words"]:
        assert last - 0.02 <= word["start_s"] < word["end_s"] <= told["audio_s"]
        last = word["end_s"]
    return told


def test_it_prints_json_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = narrated(STORY, tmp_path, capsys)
    assert set(told) == {
        "audio_s", "spent_s", "first_audio_s", "rtf", "voice", "style", "words",
    }  # fmt: skip
    assert told["voice"].startswith("cotorra ") and told["style"] == "storytelling"
    assert set(told["words"][0]) == {"word", "start_s", "end_s"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("I love 😀 cats \U0001fae8", "I|love|😀|cats|\U0001fae8"),
        ("👨‍👩‍👧🇪🇸❤️", "👨|👩|👧|🇪🇸|❤️"),
        ("<p>Hello <b>world</b><br>&amp; <foo>you</foo></p>", "Hello|world|&amp;|foo|you|foo"),
        ("La abuela tiene un gato.", "La|abuela|tiene|un|gato"),
        ("WHAT A BIG DOG!", "WHAT|A|BIG|DOG"),
        ("See https://www.example.com/a?q=1.", "See|https://www.example.com/a?q=1"),
        ("ana.perez+x@example.co.uk", "ana.perez+x@example.co.uk"),
        ("Hello\x00\x07\x1b world\x7f\x9f", "Hello|world"),
        ("\u202eabc\u202c \u200bdef", "abc|def"),
        ("שלום עולם, مرحبا", "שלום|עולם|مرحبا"),
        ("你好，世界。I like 茶.", "你好|世界|I|like|茶"),
        ("1" * 60, "1" * 40 + "|" + "1" * 20),
    ],
)
def test_every_word_of_an_odd_text_is_told(
    text: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = narrated(text, tmp_path, capsys)
    assert [each["word"] for each in told["words"]] == words.split("|")


@pytest.mark.parametrize("letters", ["a", "bcdfghjklm", "supercalifragilistic"])
def test_a_word_of_two_hundred_letters_is_said_in_pieces(
    letters: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    word = (letters * 200)[:200]
    told = narrated(word, tmp_path, capsys)
    assert "".join(each["word"] for each in told["words"]) == word


def test_a_sentence_without_any_mark_is_said_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "dog cat house tree river " * 20
    told = narrated(text, tmp_path, capsys)
    assert [each["word"] for each in told["words"]] == text.split()


@pytest.mark.parametrize(
    ("text", "out", "code"),
    [
        ("", "a.wav", "nothing_to_say"),
        (" \n\t ", "a.wav", "nothing_to_say"),
        ("?!... — «»", "a.wav", "nothing_to_say"),
        ("<p><br></p>", "a.wav", "nothing_to_say"),
        ("\x01\x7f\u200b", "a.wav", "nothing_to_say"),
        ("a " * 25_001, "a.wav", "text_too_long"),
        ("Hello.", "a.xyz", "unknown_format"),
        ("Hello.", "a", "unknown_format"),
        ("Hello.", "no/a.wav", "cannot_write"),
        ("Hello.", "folder.wav", "cannot_write"),
        ("Hello.", "a" * 300 + ".wav", "cannot_write"),
        ("Hello.", "full.wav", "cannot_write"),
    ],
)
def test_what_cannot_be_is_one_plain_line_with_its_code(
    text: str, out: str, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "folder.wav").mkdir()
    (tmp_path / "full.wav").symlink_to("/dev/full")
    assert main(["narrate", text, "-o", str(tmp_path / out)]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith(f"speech: {code}: ") and output.err.count("\n") == 1
    assert sorted(each.name for each in tmp_path.iterdir()) == ["folder.wav", "full.wav"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--rate", "0"], "must be from 0.4 to 2.0"),
        (["--rate", "2.5"], "must be from 0.4 to 2.0"),
        (["--rate", "nan"], "must be from 0.4 to 2.0"),
        (["--rate", "fast"], "'fast'"),
        (["--style", "sung"], "'neutral', 'storytelling'"),
    ],
)
def test_an_option_that_there_is_not_is_refused(
    options: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["narrate", "Hello.", "-o", str(tmp_path / "a.wav"), *options])
    assert refused.value.code == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def run(arguments: str) -> subprocess.CompletedProcess[str]:
    """The command by a shell."""
    command = f"exec '{sys.executable}' -m speech narrate {arguments}"
    return subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, check=False, timeout=300
    )


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    refused = run(f"$'caf\\xe9' -o '{tmp_path}/a.wav'")
    assert refused.returncode == 2
    assert "is not UTF-8" in refused.stderr
    assert not list(tmp_path.iterdir())


def test_with_stdout_closed_the_sound_is_made_all_the_same(tmp_path: Path) -> None:
    done = run(f"Hello. -o '{tmp_path}/a.wav' --json >&-")
    assert (done.returncode, done.stderr) == (0, "")
    assert soundfile.info(tmp_path / "a.wav").duration > 0.5
