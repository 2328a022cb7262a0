"""What the page may say, and what it is told when it says anything else."""

import json
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment import protocol
from assessment.errors import PLAIN, RETRY, Refusal
from assessment.protocol import Cancel, Frame, Resume, Start, Stop

TAKE = uuid.UUID("0b1f5b6e-6f8e-4f5e-9a52-6d5f1a9c1e11")
START = {"type": "start", "exercise": 7, "take": str(TAKE), "rate": 16000, "format": "pcm16"}


def refused(text: str) -> str:
    with pytest.raises(Refusal) as caught:
        protocol.parse_text(text)
    return caught.value.code


def test_every_command_of_the_page_is_understood() -> None:
    assert protocol.parse_text(json.dumps(START)) == Start(TAKE, 7)
    assert protocol.parse_text(json.dumps({"type": "resume", "take": str(TAKE)})) == Resume(TAKE)
    assert protocol.parse_text('{"type": "stop", "frames": 12}') == Stop(12)
    assert protocol.parse_text('{"type": "cancel"}') == Cancel()


def test_a_frame_is_a_number_and_a_tenth_of_a_second_of_sound() -> None:
    pcm = bytes(range(200)) * 16
    assert protocol.parse_frame(b"\x05\x01\x00\x00" + pcm) == Frame(261, pcm)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"rate": 44100}, "bad_rate"),
        ({"rate": True}, "bad_rate"),
        ({"rate": None}, "bad_rate"),
        ({"rate": 16000.5}, "bad_rate"),
        ({"format": "float32"}, "bad_format"),
        ({"format": ["pcm16"]}, "bad_format"),
        ({"take": "mine"}, "bad_message"),
        ({"take": 7}, "bad_message"),
        ({"exercise": "7"}, "unknown_exercise"),
        ({"exercise": -1}, "unknown_exercise"),
        ({"exercise": 2**63}, "unknown_exercise"),
        ({"type": "begin"}, "bad_message"),
        ({"type": {"start": 1}}, "bad_message"),
    ],
)
def test_a_start_that_is_wrong_is_told_what_is_wrong(change: dict, code: str) -> None:
    assert refused(json.dumps(START | change)) == code


@pytest.mark.parametrize(
    "text", ["", "hola", "[]", "null", "3", '{"type": "stop"}', "{}", "[" * 1500, "9" * 1900]
)
def test_what_is_no_command_is_a_bad_message(text: str) -> None:
    assert refused(text) == "bad_message"


def test_five_thousand_characters_are_oversized() -> None:
    assert refused(json.dumps(START | {"text": "rabbit " * 700})) == "oversized"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "bad_frame"),
        (b"\x00\x00\x00", "bad_frame"),
        (b"\x00\x00\x00\x00", "bad_frame"),
        (b"\x00\x00\x00\x00\x01", "bad_frame"),
        (b"\x00\x00\x00\x00" + b"\x01" * 3201, "oversized"),
        (b"\x00" * 100_000, "oversized"),
    ],
)
def test_a_frame_of_the_wrong_size_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        protocol.parse_frame(data)
    assert caught.value.code == code


def test_every_refusal_has_a_plain_sentence() -> None:
    for code in RETRY:
        assert code in PLAIN
    for code, plain in PLAIN.items():
        assert plain.endswith(".") and Refusal(code).plain == plain


def test_messages_to_the_page_are_json_without_empty_fields() -> None:
    assert json.loads(protocol.encode(protocol.Ready(TAKE, 3))) == {
        "type": "ready",
        "take": str(TAKE),
        "next": 3,
        "max_s": 20,
    }
    assert json.loads(protocol.encode(protocol.Progress(TAKE, 2))) == {
        "type": "progress",
        "take": str(TAKE),
        "words": 2,
    }
    error = json.loads(protocol.encode(protocol.Error("busy", PLAIN["busy"], True)))
    assert error == {"type": "error", "code": "busy", "plain": PLAIN["busy"], "retry": True}
    assert json.loads(protocol.encode(protocol.Error("gap", "…", True, 0)))["next"] == 0


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=10,
)
fields = st.sampled_from(["type", "take", "exercise", "rate", "format", "frames"])
almost = st.dictionaries(fields, json_values | st.sampled_from(["start", "stop", "resume"]))


@given(st.text() | almost.map(lambda m: json.dumps(START | m)) | json_values.map(json.dumps))
def test_any_text_is_a_command_or_a_named_refusal(text: str) -> None:
    try:
        assert isinstance(protocol.parse_text(text), Start | Resume | Stop | Cancel)
    except Refusal as refusal:
        assert refusal.code in PLAIN


@given(st.binary(max_size=4000))
def test_any_bytes_are_a_frame_or_a_named_refusal(data: bytes) -> None:
    try:
        frame = protocol.parse_frame(data)
        assert 2 <= len(frame.pcm) <= protocol.FRAME_BYTES and 0 <= frame.seq < 2**32
    except Refusal as refusal:
        assert refusal.code in ("bad_frame", "oversized")
