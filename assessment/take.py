"""One take as its frames arrive: in order, once each, not too many."""

from __future__ import annotations

from assessment.errors import Refusal
from assessment.protocol import FRAME_SAMPLES, MAX_SAMPLES, RATE, Frame


class Take:
    """The sound so far. Knows nothing of sockets or clocks."""

    def __init__(self, max_samples: int = MAX_SAMPLES) -> None:
        self.next = 0  # sequence number wanted
        self._max = 2 * max_samples
        self._pcm = bytearray()
        self._over = False  # a short frame came: it was the last

    def add(self, frame: Frame) -> bool:
        """Append a frame; False when it was here already. Raises Refusal gap|bad_frame|too_long."""
        if frame.seq < self.next:
            return False
        if frame.seq > self.next:
            raise Refusal("gap", f"wanted {self.next}, got {frame.seq}")
        if self._over:
            raise Refusal("bad_frame", f"frame {frame.seq} after a short one")
        if len(self._pcm) + len(frame.pcm) > self._max:
            raise Refusal("too_long", f"more than {self._max / 2 / RATE:g} s")
        self._pcm += frame.pcm
        self._over = len(frame.pcm) < 2 * FRAME_SAMPLES
        self.next += 1
        return True

    def close(self, frames: int) -> bytes:
        """All of the sound, when it was `frames` frames. Raises Refusal gap|bad_message."""
        if frames > self.next:
            raise Refusal("gap", f"wanted {self.next}, stopped after {frames}")
        if frames < self.next:
            raise Refusal("bad_message", f"stopped after {frames}, got {self.next}")
        return bytes(self._pcm)

    @property
    def seconds(self) -> float:
        return len(self._pcm) / 2 / RATE
