"""The takes being recorded in this process, and those whose line broke a moment ago."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from assessment.errors import Refusal
from assessment.protocol import Start
from assessment.take import Take
from speech.criterion import Criterion
from speech.vad import SpeechDetector

KEEP_S = 60.0  # an interrupted take waits so long for its learner


class Holder(Protocol):
    """Whoever is recording a take."""

    def lose(self) -> None:
        """The take has gone to another holder."""


@dataclass
class OpenTake:
    """A take with what it is a take of and whose."""

    start: Start
    profile: UUID
    criterion: Criterion
    opened: float  # seconds, monotonic
    detector: SpeechDetector
    take: Take = field(default_factory=Take)
    holder: Holder | None = None
    kept_since: float = 0.0  # when its line broke

    @property
    def id(self) -> UUID:
        return self.start.take


class OpenTakes:
    """Bounded in every direction, so that no learner can crowd out the others."""

    def __init__(self, most: int = 200, most_each: int = 2, most_kept: int = 100) -> None:
        self.most = most
        self.most_each = most_each
        self.most_kept = most_kept
        self._takes: dict[UUID, OpenTake] = {}

    def open(self, opened: OpenTake, holder: Holder) -> None:
        """Begin a take. Raises Refusal busy|not_yours; a take of that name starts over."""
        known = self._takes.get(opened.id)
        if known is not None:
            self._take_from(known, opened.profile)
        self._make_room(opened.profile)
        opened.holder = holder
        self._takes[opened.id] = opened

    def resume(self, take: UUID, profile: UUID, holder: Holder) -> OpenTake | None:
        """Go on with a take, also when its old line is not yet known to be dead."""
        known = self._takes.get(take)
        if known is None:
            return None
        self._take_from(known, profile)
        try:
            self._make_room(profile)
        except Refusal:
            self.keep(known, known.kept_since)
            raise
        known.holder = holder
        self._takes[take] = known
        return known

    def keep(self, opened: OpenTake, now: float) -> None:
        """Set a take aside: its line has broken."""
        opened.holder = None
        opened.kept_since = now
        self._takes.pop(opened.id, None)
        self._takes[opened.id] = opened  # last in the order, so that the oldest are found first
        kept = [each for each in self._takes.values() if each.holder is None]
        own = [each for each in kept if each.profile == opened.profile]
        for each in kept[: -self.most_kept] + own[: -self.most_each]:
            self._takes.pop(each.id, None)

    def close(self, opened: OpenTake) -> None:
        """The take is stored or thrown away."""
        if self._takes.get(opened.id) is opened:
            del self._takes[opened.id]

    def expire(self, now: float) -> None:
        """Forget the takes that nobody came back for."""
        for each in [*self._takes.values()]:
            if each.holder is None and now - each.kept_since >= KEEP_S:
                del self._takes[each.id]

    def forget(self, profile: UUID) -> None:
        """Forget everything of a profile."""
        for each in [*self._takes.values()]:
            if each.profile == profile:
                self._take_from(each, profile)

    def __len__(self) -> int:
        return len(self._takes)

    def _take_from(self, known: OpenTake, profile: UUID) -> None:
        if known.profile != profile:
            raise Refusal("not_yours", f"take {known.id}")
        if known.holder is not None:
            known.holder.lose()
            known.holder = None
        del self._takes[known.id]

    def _make_room(self, profile: UUID) -> None:
        held = [each for each in self._takes.values() if each.holder is not None]
        if len(held) >= self.most:
            raise Refusal("busy", f"{len(held)} recordings in this process")
        if sum(each.profile == profile for each in held) >= self.most_each:
            raise Refusal("busy", f"profile {profile} is recording elsewhere")
