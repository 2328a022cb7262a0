"""What is said before anybody asks: on publishing, in idle moments, by command; and tidying."""

from __future__ import annotations

import datetime
import os
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from functools import partial
from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from learning import narration, narration_texts, voice
from learning.models import Book, Lesson
from learning.voice import STAND_IN, TIMES, TOP, Passage, Voice

TASK = "learning.tasks.narrate_published"
REST = "learning.tasks.narrate_rest"
SOME_S = 2.0  # of a job, before others have their turn
UNDER_WAY = "voice:rest"  # the rest is being said
UNDER_WAY_S = 600  # so long a job of it waits for its worker, and nobody asks again
ALL_MADE = "voice:all-made:"
LOOK_AGAIN_S = 3600
UNUSED = datetime.timedelta(days=7)  # then what is in no lesson goes: learners' own versions


class Said(NamedTuple):
    """Whether all were tried, and how many of those that were could not be said."""

    all: bool
    failed: int


class Status(NamedTuple):
    """Who speaks, and how much is there already."""

    voice: Voice
    passages: int
    left: list[Passage]
    files: int

    @property
    def made(self) -> int:
        return self.passages - len(self.left)


def publish(row: Lesson | Book) -> None:
    """Have what is heard in it said, once the transaction holds."""
    arguments = [type(row).__name__, row.pk]
    transaction.on_commit(partial(narration.send, TASK, arguments))


def published(model: str, pk: int, failed: int = 0) -> None:
    """Say some of what is heard in a lesson or book, and the rest in a job after others.

    What `failed` in the jobs before is not tried again: it is the first of what is missing.
    """
    narration.answer()
    row = {each.__name__: each for each in (Lesson, Book)}[model].objects.filter(pk=pk).first()
    if row is None or voice.current() is STAND_IN or not narration.loads():
        return
    said = some(missing(narration_texts.of(row))[failed:], SOME_S)
    if not said.all:
        narration.send(TASK, [model, pk, failed + said.failed])


def say_rest() -> bool:
    """Have all that is missing said; False where that is under way, or no job can be queued."""
    if not cache.add(UNDER_WAY, 1, UNDER_WAY_S):
        return False
    queued = narration.send(REST, [0], expires=UNDER_WAY_S)
    if not queued:
        cache.delete(UNDER_WAY)
    return queued


def stop() -> bool:
    """Have no more of the rest said than what is at it; whether it was under way."""
    return cache.delete(UNDER_WAY)


def rest(failed: int = 0) -> None:
    """Say some of all that is missing, and the rest in a job after others, as `published`."""
    narration.answer()
    if voice.current() is not STAND_IN and narration.loads():
        said = some(missing(narration_texts.everything())[failed:], SOME_S)
        goes_on = not said.all and cache.touch(UNDER_WAY, UNDER_WAY_S)  # else it was stopped
        if goes_on and narration.send(REST, [failed + said.failed], expires=UNDER_WAY_S):
            return
    cache.delete(UNDER_WAY)


def ahead() -> None:
    """Say a little of what nobody has asked for yet."""
    narration.answer()
    idle = settings.NARRATE_AHEAD_S > 0 and voice.current() is not STAND_IN
    done = ALL_MADE + voice.current().folder
    if not idle or cache.get(done) or not narration.loads():
        return
    if some(missing(narration_texts.everything()), settings.NARRATE_AHEAD_S).all:
        cache.set(done, 1, LOOK_AGAIN_S)


def some(passages: Iterable[Passage], budget_s: float) -> Said:
    """Make one after another until the time is over."""
    end = time.monotonic() + budget_s
    failed = 0
    for passage in passages:
        if time.monotonic() > end:
            return Said(False, failed)
        failed += not narration.made(passage)
    return Said(True, failed)


def missing(passages: Collection[Passage]) -> list[Passage]:
    return status(passages).left


def status(passages: Collection[Passage]) -> Status:
    own = voice.current()
    there = set(_names(own.folder))
    left = [each for each in passages if f"{each.key}.{TIMES}" not in there]
    return Status(own, len(passages), left, len(there))


def size(who: Voice) -> int | None:
    """Bytes of all its files; None where they are kept elsewhere than in a folder."""
    try:
        folder = default_storage.path(f"{TOP}/{who.folder}")
    except NotImplementedError:
        return None
    found = 0
    with suppress(FileNotFoundError), os.scandir(folder) as files:
        for file in files:
            with suppress(FileNotFoundError):  # its name changes when it is whole
                found += file.stat().st_size
    return found


def prune(passages: Iterable[Passage]) -> int:
    """Delete what other voices said, and what nobody needed for long; how many files."""
    own = voice.current().folder
    keys = {each.key for each in passages}
    gone = []
    for path in _all():
        _, *folder, name = path.split("/")
        wanted = folder == [own] and name.partition(".")[0].partition("-")[0] in keys
        ours = folder in ([own], [STAND_IN.folder])
        if not wanted and (not ours or _is_unused(path)):
            default_storage.delete(path)
            gone.append(path)
    return len(gone)


def _all() -> Iterator[str]:
    """Every file of every voice, and those of versions that had no folders."""
    try:
        folders, files = default_storage.listdir(TOP)
    except FileNotFoundError:
        return
    yield from (f"{TOP}/{name}" for name in files)
    for folder in folders:
        yield from (f"{TOP}/{folder}/{name}" for name in _names(folder))


def _names(folder: str) -> list[str]:
    try:
        return default_storage.listdir(f"{TOP}/{folder}")[1]
    except FileNotFoundError:
        return []


def _is_unused(path: str) -> bool:
    try:
        return default_storage.get_modified_time(path) < timezone.now() - UNUSED
    except FileNotFoundError:  # somebody else is tidying
        return False
