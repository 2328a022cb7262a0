"""Live marking: how many words of a text have been read, while the learner still speaks.

One thread beside the sockets advances all takes as one batch. It is best effort: where it is not
possible, has no place left or is late, it is absent, and nothing else changes.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from assessment import listening
from speech import audio
from speech.listener.follow import Follower

if TYPE_CHECKING:
    from speech.criterion import Criterion
    from speech.listener.live import Stream
    from speech.listener.model import Listener

logger = logging.getLogger(__name__)

TICK_S = 0.1  # one frame of every take makes a batch
BEHIND_S = 2.0  # a take with so much unheard is given up


class LiveTake:
    """A take that is followed. Its socket feeds and closes it, in the server's loop."""

    def __init__(self, live: Live, criterion: Criterion, tell: Callable[[int], None]) -> None:
        self._live = live
        self._tell = tell
        self._loop = asyncio.get_running_loop()
        self._frames: deque[bytes] = deque()
        self.follower = Follower([word.pronunciations[0] for word in criterion.words])
        self.stream: Stream | None = None  # the thread's

    def feed(self, pcm: bytes) -> None:
        """The next PCM16 frame; returns at once."""
        self._frames.append(pcm)
        self._live.awake.set()

    def close(self) -> None:
        self._live.close(self)

    # In the thread

    def heard(self) -> bytes:
        """What was fed since the last time."""
        return b"".join(self._frames.popleft() for _ in range(len(self._frames)))

    def tell(self, words: int) -> None:
        try:
            self._loop.call_soon_threadsafe(self._tell, words)
        except RuntimeError:  # the server's loop has ended
            self.close()


class Live:
    """The takes that are followed in this process, at most `slots`, and their thread."""

    def __init__(self, slots: int) -> None:
        self.slots = slots
        self.awake = threading.Event()
        self.ready = False
        self._lock = threading.Lock()
        self._takes: set[LiveTake] = set()
        self._thread: threading.Thread | None = None

    def warm(self) -> None:
        """Begin to load the listener, once a process; takes are followed from then on."""
        if self._thread is None and self.slots > 0:
            self._thread = threading.Thread(target=self._run, name="live", daemon=True)
            self._thread.start()

    def open(self, criterion: Criterion, tell: Callable[[int], None]) -> LiveTake | None:
        """Follow a new take: `tell` is called in this loop with the words read, as they grow.

        None where live marking is off or not ready, or with no place left.
        """
        self.warm()
        with self._lock:
            if not self.ready or len(self._takes) >= self.slots:
                return None
            take = LiveTake(self, criterion, tell)
            self._takes.add(take)
            return take

    def close(self, take: LiveTake) -> None:
        with self._lock:
            self._takes.discard(take)

    def __len__(self) -> int:
        return len(self._takes)

    # In the thread

    def _run(self) -> None:
        try:
            listener = listening.engine().listener  # brings torch, which a web node may lack
        except Exception as error:
            logger.warning("code=no_live %s", error)
            return
        self.ready = True
        while True:
            self.awake.wait()
            self.awake.clear()
            started = time.monotonic()
            takes = self._open_takes()
            try:
                self._tick(listener, takes)
            except Exception:
                logger.exception("code=live_failed takes=%d", len(takes))
                for take in takes:
                    self.close(take)
            time.sleep(max(0.0, started + TICK_S - time.monotonic()))

    def _open_takes(self) -> list[LiveTake]:
        with self._lock:
            return [*self._takes]

    def _tick(self, listener: Listener, takes: Sequence[LiveTake]) -> None:
        from speech.listener.live import Stream, step

        streams: dict[Stream, LiveTake] = {}
        for take in takes:
            stream = take.stream = take.stream or Stream(listener)
            stream.add(audio.from_pcm16(take.heard()))
            if stream.waiting_s > BEHIND_S:
                logger.info("code=live_behind waiting_s=%.1f", stream.waiting_s)
                self.close(take)
            else:
                streams[stream] = take
        for stream, log_probs in step(listener, streams).items():
            take = streams[stream]
            before = take.follower.words
            if take.follower.feed(log_probs) > before:
                take.tell(take.follower.words)
            if stream.due:
                self.awake.set()  # not all of it was heard
