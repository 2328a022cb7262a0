"""A real Chromium, its microphone, and a line to the server that can be cut."""

from __future__ import annotations

import shutil
import socket
import threading
import wave
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FAKE_MICROPHONE = ("--use-fake-device-for-media-stream",)
# What the browser says of a form that is shown again, and of any address without https.
BROWSERS_OWN = ("status of 422", "Cross-Origin-Opener-Policy header has been ignored")
PERMITTED = ("--use-fake-ui-for-media-stream",)


@contextmanager
def open_browser(
    playwright: Playwright, *arguments: str, microphone: Path | None = None
) -> Iterator[Browser]:
    """Chromium; `microphone` is the WAV file that its microphone hears, once."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise FileNotFoundError("chromium is not installed")
    options = ["--no-sandbox", *arguments]
    if microphone is not None:
        options += [*FAKE_MICROPHONE, f"--use-file-for-fake-audio-capture={microphone}%noloop"]
    browser = playwright.chromium.launch(executable_path=program, args=options)
    try:
        yield browser
    finally:
        browser.close()


def write_wav(path: Path, pcm: bytes) -> Path:
    """PCM16, 16 kHz, mono, as a file that a microphone can hear."""
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(pcm)
    return path


@dataclass
class Watch:
    """What a page did that no page of ours may do."""

    origin: str
    forgiven: tuple[str, ...] = ()  # words of a message that this test brings about
    faults: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        page.on("console", self.console)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("request", self.request)
        page.on("websocket", lambda opened: self.address(opened.url))

    def console(self, message: ConsoleMessage) -> None:
        known = any(words in message.text for words in BROWSERS_OWN + self.forgiven)
        if message.type in ("error", "warning") and not known:
            self.faults.append(f"console: {message.text}")

    def request(self, request: Request) -> None:
        self.address(request.url)

    def address(self, url: str) -> None:
        ours = (self.origin, self.origin.replace("http", "ws", 1), "blob:", "data:")
        if not url.startswith(ours):
            self.faults.append(f"request: {url}")


class Line:
    """A line to a server that can be cut and mended: a port of its own that passes bytes on."""

    def __init__(self, url: str) -> None:
        self.lead_to(url)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.mended = threading.Event()
        self.mended.set()
        self.open: list[socket.socket] = []
        self.threads = [threading.Thread(target=self.accept, daemon=True)]
        self.threads[0].start()

    def lead_to(self, url: str) -> None:
        host, port = url.removeprefix("http://").split(":")
        self.target = (host, int(port))

    def accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                if not self.mended.is_set():
                    near.close()
                    continue
                try:
                    far = socket.create_connection(self.target)
                except OSError:
                    near.close()
                    continue
                self.open += [near, far]
                for ends in ((near, far), (far, near)):
                    thread = threading.Thread(target=self.pass_on, args=ends, daemon=True)
                    self.threads.append(thread)
                    thread.start()

    def pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def cut(self) -> None:
        """Break every connection and let no new one in."""
        self.mended.clear()
        for end in self.open:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self.mended.set()

    def close(self) -> None:
        self.cut()
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for thread in self.threads:
            thread.join(5)
        for end in self.open:
            end.close()
