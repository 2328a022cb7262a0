"""The messages of the recording socket, both ways, each parsed once into a typed object.

The page sends text (JSON) and frames (binary: sequence number, then PCM16). A take goes
start -> frames -> stop -> stored -> feedback. After a broken line the page opens a new socket and
sends `resume`: it is answered with `ready` (and the frame wanted next), with `stored` when the
take had already arrived, or with the error `unknown_take`, upon which the page sends `start` with
the same take and every frame from the first. Until `stored` it keeps them all.
"""

from __future__ import annotations

import json
import struct
from dataclasses import asdict, dataclass
from typing import Any, ClassVar
from uuid import UUID

from assessment.errors import Refusal

RATE = 16_000
FORMAT = "pcm16"  # signed, little-endian, mono
FRAME_SAMPLES = 1_600  # 100 ms; only the last frame of a take may be shorter
FRAME_BYTES = 2 * FRAME_SAMPLES
MAX_S = 20
MAX_SAMPLES = MAX_S * RATE
MAX_TEXT = 2_000  # characters of a text message
MAX_ID = 2**63 - 1
_SEQUENCE = struct.Struct("<I")


@dataclass(frozen=True)
class Start:
    """A new take, named by the browser's page: of an exercise, else of the page of a book."""

    take: UUID
    exercise: int = 0
    page: int = 0


@dataclass(frozen=True)
class Resume:
    """Go on with a take after the line broke."""

    take: UUID


@dataclass(frozen=True)
class Stop:
    """The take is complete: so many frames."""

    frames: int


@dataclass(frozen=True)
class Cancel:
    """Throw the take away."""


@dataclass(frozen=True)
class Frame:
    """100 ms of sound and its place in the take."""

    seq: int
    pcm: bytes


Command = Start | Resume | Stop | Cancel


def parse_text(text: str) -> Command:
    """A text message of the page; raises Refusal."""
    if len(text) > MAX_TEXT:
        raise Refusal("oversized", f"{len(text)} characters")
    try:
        message = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refusal("bad_message", f"not JSON: {error}") from error
    if not isinstance(message, dict):
        raise Refusal("bad_message", "not an object")
    match message.get("type"):
        case "start":
            return _start(message)
        case "resume":
            return Resume(_take(message))
        case "stop":
            return Stop(_integer(message, "frames", "bad_message"))
        case "cancel":
            return Cancel()
        case other:
            raise Refusal("bad_message", f"type {other!r:.40}")


def parse_frame(data: bytes) -> Frame:
    """A binary message of the page; raises Refusal."""
    if len(data) > _SEQUENCE.size + FRAME_BYTES:
        raise Refusal("oversized", f"{len(data)} bytes")
    size = len(data) - _SEQUENCE.size
    if size < 2 or size % 2:
        raise Refusal("bad_frame", f"{len(data)} bytes")
    (seq,) = _SEQUENCE.unpack_from(data)
    return Frame(seq, data[_SEQUENCE.size :])


def _start(message: dict[str, Any]) -> Start:
    take = _take(message)
    if message.get("format") != FORMAT:
        raise Refusal("bad_format", f"{message.get('format')!r:.40}")
    if _integer(message, "rate", "bad_rate") != RATE:
        raise Refusal("bad_rate", str(message["rate"]))
    if "page" in message:
        return Start(take, page=_integer(message, "page", "unknown_exercise"))
    return Start(take, _integer(message, "exercise", "unknown_exercise"))


def _take(message: dict[str, Any]) -> UUID:
    value = message.get("take")
    if not isinstance(value, str):
        raise Refusal("bad_message", "no take")
    try:
        return UUID(value)
    except ValueError as error:
        raise Refusal("bad_message", f"take {value!r:.40}") from error


def _integer(message: dict[str, Any], key: str, code: str) -> int:
    value = message.get(key)
    if type(value) is not int or not 0 <= value <= MAX_ID:  # a bool is an int, but not here
        raise Refusal(code, f"{key} {value!r:.40}")
    return value


@dataclass(frozen=True)
class Ready:
    """Send frames from `next` on."""

    type: ClassVar[str] = "ready"
    take: UUID
    next: int
    max_s: int = MAX_S


@dataclass(frozen=True)
class Ack:
    """Every frame before `next` is here."""

    type: ClassVar[str] = "ack"
    next: int


@dataclass(frozen=True)
class Progress:
    """So many words of the text have been read; best effort, and never fewer than before."""

    type: ClassVar[str] = "progress"
    take: UUID
    words: int


@dataclass(frozen=True)
class EndOfSpeech:
    """The learner has fallen silent: the page may stop by itself."""

    type: ClassVar[str] = "end_of_speech"


@dataclass(frozen=True)
class Stored:
    """The take is safe: the page may forget its frames. `notes` are codes such as `clipped`."""

    type: ClassVar[str] = "stored"
    attempt: UUID
    url: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Feedback:
    """The answer, as the fragment that `url` of Stored gives too."""

    type: ClassVar[str] = "feedback"
    attempt: UUID
    html: str


@dataclass(frozen=True)
class Error:
    """A refusal. `next` comes with `gap`: the frame to go on from."""

    type: ClassVar[str] = "error"
    code: str
    plain: str
    retry: bool
    next: int | None = None


ServerMessage = Ready | Ack | Progress | EndOfSpeech | Stored | Feedback | Error


def encode(message: ServerMessage) -> str:
    """The JSON text of a message to the page; what is None is left out."""
    fields = {name: value for name, value in asdict(message).items() if value is not None}
    return json.dumps({"type": message.type, **fields}, default=str, ensure_ascii=False)
