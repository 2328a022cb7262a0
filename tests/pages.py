"""A page at the recording socket: in this process, or over a real line."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Protocol

from asgiref.testing import ApplicationCommunicator
from channels.testing import WebsocketCommunicator
from websockets.asyncio.client import connect as connect_to
from websockets.typing import Origin

from tests.voices import frames

if TYPE_CHECKING:
    from tests.people import Person

PATH = "/ws/grabar/"


class Line(Protocol):
    async def send(self, message: str | bytes) -> None: ...
    async def recv(self) -> str | bytes: ...


class Near:
    """A line to the application in this process."""

    def __init__(self, communicator: WebsocketCommunicator) -> None:
        self.communicator = communicator

    async def send(self, message: str | bytes) -> None:
        kind = "text" if isinstance(message, str) else "bytes"
        await self.communicator.send_input({"type": "websocket.receive", kind: message})

    async def recv(self) -> str | bytes:
        message = await self.communicator.receive_output(20)
        if message["type"] == "websocket.close":
            raise ConnectionError(message.get("code"))
        text: str = message["text"]
        return text


class Page:
    """What the browser does, and what it hears."""

    def __init__(self, over: Line) -> None:
        self.line = over
        self.heard: list[dict[str, Any]] = []

    async def say(self, type: str, **fields: Any) -> None:
        await self.line.send(json.dumps({"type": type, **fields}, default=str))

    async def start(self, exercise: int, take: uuid.UUID | None = None, **change: Any) -> uuid.UUID:
        take = take or uuid.uuid4()
        fields = {"exercise": exercise, "take": take, "rate": 16000, "format": "pcm16"}
        await self.say("start", **fields | change)
        return take

    async def send(self, pcm: bytes, first: int = 0) -> int:
        """Send the sound as frames; the number after the last."""
        messages = frames(pcm, first)
        for message in messages:
            await self.line.send(message)
        return first + len(messages)

    async def hear(self, *types: str) -> dict[str, Any]:
        """The next message of one of these types."""
        while True:
            message: dict[str, Any] = json.loads(await asyncio.wait_for(self.line.recv(), 20))
            self.heard.append(message)
            if message["type"] in types:
                return message

    async def record(self, exercise: int, pcm: bytes) -> dict[str, Any]:
        """A whole take: the `stored` or the `error` it ends in."""
        await self.start(exercise)
        await self.hear("ready")
        await self.say("stop", frames=await self.send(pcm))
        return await self.hear("stored", "error")


class Communicator(WebsocketCommunicator):
    """Without the parent's patch, which leaves database connections open in every thread."""

    send_input = ApplicationCommunicator.send_input
    receive_output = ApplicationCommunicator.receive_output


def line(headers: list[tuple[bytes, bytes]]) -> WebsocketCommunicator:
    """A line to the application in this process, not yet connected."""
    # Not above: the allowed hosts of tests are known only once a test runs.
    from config.asgi import application

    return Communicator(application, PATH, headers=headers)


@asynccontextmanager
async def page(person: Person) -> AsyncIterator[Page]:
    """A page of this person, on a line inside this process."""
    communicator = line(person.headers)
    connected, code = await communicator.connect(20)
    assert connected, code
    try:
        yield Page(Near(communicator))
    finally:
        await communicator.disconnect(timeout=20)


@asynccontextmanager
async def far_page(url: str, cookie: str, origin: Origin | None = None) -> AsyncIterator[Page]:
    """A page over a real line to a server at `url`."""
    address = url.replace("http", "ws", 1) + PATH
    headers = {"Cookie": cookie}
    async with connect_to(address, additional_headers=headers, origin=origin or Origin(url)) as far:
        yield Page(far)
