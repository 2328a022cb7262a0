"""What is said before anybody asks: on publishing, in idle moments, by command; and tidying."""

from __future__ import annotations

import datetime
import time
from collections.abc import Collection, Iterable, Iterator
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
SOME_S = 2.0  # of a job, before others have their turn
ALL_MADE = "voice:all-made:"
LOOK_AGAIN_S = 3600
UNUSED = datetime.timedelta(days=7)  # then what is in no lesson goes: learners' own versions


class Status(NamedTuple):
    """Who speaks, and how much is there already."""

    voice: Voice
    passages: int
    made: int
    files: int


def publish(row: Lesson | Book) -> None:
    """Have what is heard in it said, once the transaction holds."""
    arguments = [type(row).__name__, row.pk]
    transaction.on_commit(partial(narration.send, TASK, arguments))


def published(model: str, pk: int) -> None:
    """Say some of what is heard in a lesson or book, and the rest in a job after others."""
    row = {each.__name__: each for each in (Lesson, Book)}[model].objects.filter(pk=pk).first()
    if row is None or voice.current() is STAND_IN or not narration.loads():
        return
    texts = narration_texts
    passages = texts.of_book(row) if isinstance(row, Book) else texts.of_lesson(row)
    if not some(missing(passages), SOME_S):
        narration.send(TASK, [model, pk])


def ahead() -> None:
    """Say a little of what nobody has asked for yet."""
    idle = settings.NARRATE_AHEAD_S > 0 and voice.current() is not STAND_IN
    done = ALL_MADE + voice.current().folder
    if not idle or cache.get(done) or not narration.loads():
        return
    if some(missing(narration_texts.everything()), settings.NARRATE_AHEAD_S):
        cache.set(done, 1, LOOK_AGAIN_S)


def some(passages: Iterable[Passage], budget_s: float) -> bool:
    """Make one after another until the time is over; whether all were made."""
    end = time.monotonic() + budget_s
    for passage in passages:
        if time.monotonic() > end:
            return False
        narration.made(passage)
    return True


def missing(passages: Iterable[Passage]) -> list[Passage]:
    own = voice.current()
    there = set(_names(own.folder))
    return [each for each in passages if f"{each.key}.{TIMES}" not in there]


def status(passages: Collection[Passage]) -> Status:
    own = voice.current()
    left = len(missing(passages))
    return Status(own, len(passages), len(passages) - left, len(_names(own.folder)))


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
