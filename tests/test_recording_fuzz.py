"""Whatever a page sends, in whatever order, the socket answers by name and stays good."""

import asyncio
import json
import uuid
from collections.abc import Coroutine
from typing import Any

import pytest
from channels.testing import WebsocketCommunicator
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from assessment import consumers, protocol, recordings
from assessment.errors import PLAIN
from assessment.models import Attempt
from assessment.open_takes import OpenTakes
from tests import lessons, people
from tests.pages import line
from tests.voices import FRAME, frames, voice

REFUSED_TAKES = {"empty_audio", "too_short", "too_quiet", "no_speech"}
QUIET = {"ack", "end_of_speech", "progress"}


class AnyPage(RuleBasedStateMachine):
    """A page that does anything, beside a model of what should come of it."""

    person: people.Person
    exercise: int

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.take: uuid.UUID | None = None  # the one being recorded
        self.last: uuid.UUID | None = None
        self.stored: set[uuid.UUID] = set()
        self.pcm = b""
        self.next = 0
        self.short = False

    def run(self, what: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(what)

    @initialize()
    def connect(self) -> None:
        self.line: WebsocketCommunicator = line(self.person.headers)
        assert self.run(self.line.connect(20))[0]

    def send(self, message: str | bytes) -> None:
        kind = "text" if isinstance(message, str) else "bytes"
        self.run(self.line.send_input({"type": "websocket.receive", kind: message}))

    def say(self, **fields: Any) -> None:
        self.send(json.dumps(fields, default=str))

    def answers(self) -> list[dict[str, Any]]:
        """What the last message was answered with, acknowledgements left out."""
        self.say(type="start", take=uuid.uuid4(), rate=8000, format="pcm16")  # nothing else is
        heard: list[dict[str, Any]] = []
        while not heard or heard[-1].get("code") != "bad_rate":  # answered with this
            message = json.loads(self.run(self.line.receive_output(20))["text"])
            if message["type"] not in QUIET:
                heard.append(message)
        return heard[:-1]

    def code(self) -> str:
        (answer,) = self.answers()
        assert answer["type"] == "error" and answer["plain"] == PLAIN[answer["code"]]
        code: str = answer["code"]
        return code

    @precondition(lambda self: self.take is None)
    @rule()
    def start(self) -> None:
        self.take = self.last = uuid.uuid4()
        self.pcm, self.next, self.short = b"", 0, False
        self.say(type="start", take=self.take, exercise=self.exercise, rate=16000, format="pcm16")
        (ready,) = self.answers()
        assert (ready["type"], ready["next"]) == ("ready", 0)

    @precondition(lambda self: self.take is not None)
    @rule()
    def start_twice(self) -> None:
        self.say(
            type="start", take=uuid.uuid4(), exercise=self.exercise, rate=16000, format="pcm16"
        )
        assert self.code() == "already_started"

    @rule(count=st.integers(1, 60))
    def speak(self, count: int) -> None:
        if self.take is None:
            self.start()
        if self.short:
            return
        piece = voice().pcm[len(self.pcm) % len(voice().pcm) :][: count * FRAME]
        for message in frames(piece, self.next):
            self.send(message)
            sound = message[4:]
            if self.short or len(self.pcm) + len(sound) > 640_000:
                break
            self.pcm += sound
            self.next += 1
            self.short = len(sound) < FRAME
        else:
            assert self.answers() == []
            return
        assert self.code() in ("bad_frame", "too_long")
        if not self.short:
            self.take = None

    @rule(off=st.integers(-3, 3), size=st.sampled_from([0, 1, 1599, 1600, 1600, 1600, 1601, 9999]))
    def near_frame(self, off: int, size: int) -> None:
        if self.take is None:
            self.start()
        self.any_frame(max(0, self.next + off), size)

    @rule(seq=st.integers(0, 2**32 - 1), size=st.integers(0, 1800))
    def any_frame(self, seq: int, size: int) -> None:
        self.send(seq.to_bytes(4, "little") + bytes(2 * size))
        if size == 0:
            assert self.code() == "bad_frame"
        elif size > 1600:
            assert self.code() == "oversized"
        elif self.take is None:
            assert self.code() == "not_started"
        elif seq < self.next:
            assert self.answers() == []
        elif seq > self.next:
            (gap,) = self.answers()
            assert (gap["code"], gap["next"]) == ("gap", self.next)
        elif self.short:
            assert self.code() == "bad_frame"
        elif len(self.pcm) + 2 * size > 640_000:
            assert self.code() == "too_long"
            self.take = None
        else:
            assert self.answers() == []
            self.pcm += bytes(2 * size)
            self.next += 1
            self.short = size < 1600

    @rule(said=st.binary(max_size=40) | st.text(max_size=60) | st.text('{}[]":,019type'))
    def babble(self, said: bytes | str) -> None:
        if isinstance(said, bytes) and len(said) >= 6 and len(said) % 2 == 0:
            frame = protocol.parse_frame(said)
            self.any_frame(frame.seq, len(frame.pcm) // 2)
        else:
            self.send(said)
            assert self.code() == ("bad_message" if isinstance(said, str) else "bad_frame")

    @rule()
    def whole_take(self) -> None:
        self.cancel()
        self.start()
        self.speak(60)
        self.stop(0)
        assert self.last in self.stored

    @rule(off=st.sampled_from([0, 0, 0, -2, 1, 2**40]))
    def stop(self, off: int) -> None:
        if off and self.take is None:
            return
        self.say(type="stop", frames=max(0, self.next + off))
        answers = self.answers()
        answer = answers[0]
        if self.take is None:
            assert answer["code"] == "not_started"
        elif max(0, self.next + off) > self.next:
            assert (answer["code"], answer["next"]) == ("gap", self.next)
        elif max(0, self.next + off) < self.next:
            assert answer["code"] == "bad_message"
        elif answer["type"] == "stored":
            kept = Attempt.objects.get(take=self.take)
            assert recordings.read(kept.recording) == self.pcm
            self.stored.add(self.take)
            self.take = None
        else:
            assert answer["code"] in REFUSED_TAKES
            self.take = self.last = None

    @rule()
    def cancel(self) -> None:
        self.say(type="cancel")
        assert self.answers() == []
        if self.take is not None:
            self.take = self.last = None

    @rule()
    def break_the_line(self) -> None:
        self.run(self.line.disconnect(timeout=20))
        self.connect()
        if self.last is None:
            return
        self.say(type="resume", take=self.last)
        answer = self.answers()[0]
        if self.take is not None:
            assert (answer["type"], answer["next"]) == ("ready", self.next)
        elif self.last in self.stored:
            assert answer["type"] == "stored"
        else:
            assert answer["code"] == "unknown_take"

    def teardown(self) -> None:
        if hasattr(self, "line"):
            self.run(self.line.disconnect(timeout=20))
        self.loop.close()


@pytest.mark.django_db(transaction=True)
def test_no_page_can_break_the_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "OPEN", OpenTakes(most_kept=3))

    class HerPage(AnyPage):
        person = people.learner()
        exercise = lessons.exercise(voice().text).pk

    run_state_machine_as_test(
        HerPage,
        settings=settings(
            max_examples=60,
            stateful_step_count=40,
            deadline=None,
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
