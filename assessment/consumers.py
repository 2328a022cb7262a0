"""The recording socket: takes frames, hands on the whole take, brings back the feedback."""

from __future__ import annotations

import asyncio
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib import import_module
from typing import Any, TypeVar
from uuid import UUID

from channels.consumer import AsyncConsumer
from channels.db import database_sync_to_async
from channels.exceptions import StopConsumer
from django.conf import settings
from django.utils import translation

from accounts import profiles
from accounts.models import Profile
from assessment import attempts, feedback, protocol
from assessment.errors import Refusal
from assessment.live import Live, LiveTake
from assessment.models import Attempt
from assessment.open_takes import KEEP_S, OpenTake, OpenTakes
from assessment.protocol import Cancel, Frame, Resume, Start, Stop
from assessment.push import group_of
from config import languages
from speech import vad
from speech.criterion import Criterion
from speech.errors import SpeechError

logger = logging.getLogger(__name__)
T = TypeVar("T")

ACK_S = 0.2  # acknowledge no more often
IDLE_S = 15.0  # without a frame for so long a recording is set aside
SLOWEST_S = 180.0  # from the first to the last frame, however the line stutters
SILENT_SOCKET_S = 900.0  # a socket nobody uses is closed
MOST_FAULTS = 500  # a page that errs more often than that is broken or ill-meant
TICK_S = 5.0
TOO_MUCH = 1008  # websocket close code: policy violation

OPEN = OpenTakes(settings.RECORDINGS_PER_PROCESS, settings.RECORDINGS_PER_PROFILE)
LIVE = Live(settings.LIVE_STREAMS)
# Not asgiref's one thread: a slow storage would make every page of this process wait.
_THREADS = ThreadPoolExecutor(4, thread_name_prefix="recording")


async def in_thread(function: partial[T]) -> T:
    """Run what touches the database or files away from the event loop."""
    return await database_sync_to_async(function, thread_sensitive=False, executor=_THREADS)()


class RecordingConsumer(AsyncConsumer):
    """One browser's line. At most one take is recorded on it at a time."""

    def __init__(self) -> None:
        self.open: OpenTake | None = None
        self.live: LiveTake | None = None
        self.group = ""
        self.language = settings.LANGUAGE_CODE
        self.faults = 0
        self.told: tuple[str, int] | None = None  # a refused frame is not complained of twice
        self.seen = time.monotonic()
        self.acked = 0.0
        self.over = False  # end of speech was announced
        self.timer: asyncio.TimerHandle | None = None
        self.handlers = {
            "websocket.connect": self.connected,
            "websocket.receive": self.received,
            "websocket.disconnect": self.disconnected,
            "attempt.feedback": self.scored,
        }

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.leave()

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Without the visit to a thread that the parent makes for every message."""
        await self.handlers[message["type"]](message)

    async def connected(self, message: dict[str, Any]) -> None:
        self.language = languages.of_socket(self.scope)
        self.tick()
        LIVE.warm()
        await asyncio.to_thread(vad.warm)
        await self.join(await in_thread(partial(self.speaker)))
        await self.send({"type": "websocket.accept"})

    async def disconnected(self, message: dict[str, Any]) -> None:
        self.leave()
        if self.group:
            await self.channel_layer.group_discard(self.group, self.channel_name)
        raise StopConsumer

    async def received(self, message: dict[str, Any]) -> None:
        self.seen = time.monotonic()
        text = message.get("text")
        try:
            if text is None:
                await self.frame(protocol.parse_frame(message["bytes"]))
            else:
                self.told = None
                await self.command(protocol.parse_text(text))
        except Refusal as refusal:
            await self.refuse(refusal, frame=text is None)
        except SpeechError as error:
            await self.refuse(Refusal(error.code, error.detail))
        except Exception:
            logger.exception("code=failed %s", self.name())
            await self.refuse(Refusal("failed"))

    async def scored(self, message: dict[str, Any]) -> None:
        """A job of this learner is done: from the group, so on whichever node it ran."""
        attempt, html = UUID(message["attempt"]), message["html"]
        if self.language != settings.LANGUAGE_CODE:  # the one that jobs speak
            found = await in_thread(partial(Attempt.objects.filter(pk=attempt).first))
            html = await in_thread(partial(self.render, found)) if found else html
        await self.say(protocol.Feedback(attempt, html))

    # What the page asks for

    async def command(self, command: protocol.Command) -> None:
        match command:
            case Start():
                await self.start(command)
            case Resume():
                await self.resume(command)
            case Stop():
                await self.stop(command)
            case Cancel():
                if self.open is not None:
                    self.close()

    async def start(self, start: Start) -> None:
        if self.open is not None:
            raise Refusal("already_started", f"take {start.take}")
        profile, prepared = await in_thread(partial(self.prepare, start))
        await self.join(profile)
        if isinstance(prepared, Attempt):
            await self.say_stored(prepared)
            return
        opened = OpenTake(
            start=start,
            profile=profile.pk,
            criterion=prepared,
            opened=time.monotonic(),
            detector=detector(prepared),
        )
        OPEN.open(opened, self)
        self.live = LIVE.open(prepared, partial(self.progress, opened))
        await self.ready(opened)

    async def resume(self, resume: Resume) -> None:
        if self.open is not None:
            raise Refusal("already_started", f"take {resume.take}")
        profile = await in_thread(partial(self.allowed))
        await self.join(profile)
        opened = OPEN.resume(resume.take, profile.pk, self)
        if opened is not None:
            await self.ready(opened)
            return
        attempt = await in_thread(partial(attempts.of_take, resume.take, profile))
        if attempt is None:
            raise Refusal("unknown_take", f"take {resume.take}")
        await self.say_stored(attempt)

    async def ready(self, opened: OpenTake) -> None:
        self.open = opened
        self.acked = time.monotonic()
        self.over = False
        await self.say(protocol.Ready(opened.id, opened.take.next))

    async def frame(self, frame: Frame) -> None:
        if self.open is None:
            raise Refusal("not_started", f"frame {frame.seq}")
        try:
            new = self.open.take.add(frame)
        except Refusal as refusal:
            if refusal.code == "too_long":
                self.close()
            raise
        self.told = None
        if new and self.live is not None:
            self.live.feed(frame.pcm)
        ended = new and vad.Event.ENDED in self.open.detector.feed(frame.pcm)
        if self.seen - self.acked >= ACK_S:
            self.acked = self.seen
            await self.say(protocol.Ack(self.open.take.next))
        if ended and not self.over:
            self.over = True
            await self.say(protocol.EndOfSpeech())

    async def stop(self, stop: Stop) -> None:
        opened = self.open
        if opened is None:
            raise Refusal("not_started", "stop")
        pcm = opened.take.close(stop.frames)
        try:
            attempt = await in_thread(partial(self.store, opened, pcm))
        except (Refusal, SpeechError):
            self.close()  # nothing to be had from this take
            raise
        if self.open is opened:  # if not, another socket took it over and hears the same
            self.close()
        await self.say_stored(attempt)

    # In a thread

    def speaker(self) -> Profile | None:
        """Who speaks, as the session says now: not as it said when the socket was opened."""
        key = self.scope["cookies"].get(settings.SESSION_COOKIE_NAME)
        session = import_module(settings.SESSION_ENGINE).SessionStore(key)
        return profiles.current(session, create=False) if key else None

    def allowed(self) -> Profile:
        return attempts.allowed(self.speaker())

    def prepare(self, start: Start) -> tuple[Profile, Criterion | Attempt]:
        profile = self.allowed()
        return profile, attempts.prepare(profile, start)

    def render(self, attempt: Attempt) -> str:
        with translation.override(self.language):
            return feedback.render(attempt)

    def store(self, opened: OpenTake, pcm: bytes) -> Attempt:
        notes = attempts.examine(pcm, opened.detector.speech_s)
        profile = profiles.find(opened.profile)
        return attempts.store(profile, opened.start, opened.criterion, pcm, notes)

    # What the page is told

    async def say(self, message: protocol.ServerMessage) -> None:
        await self.send({"type": "websocket.send", "text": protocol.encode(message)})

    def progress(self, opened: OpenTake, words: int) -> None:
        """More words of the text have been read."""
        if self.open is opened:
            self.later(self.say(protocol.Progress(opened.id, words)))

    async def say_stored(self, attempt: Attempt) -> None:
        """Also to a page that asks again, whose feedback may have been pushed into the void."""
        url = attempt.get_absolute_url()
        await self.say(protocol.Stored(attempt.pk, url, tuple(attempt.notes)))
        if attempt.done:
            html = await in_thread(partial(self.render, attempt))
            await self.say(protocol.Feedback(attempt.pk, html))

    async def refuse(self, refusal: Refusal, frame: bool = False) -> None:
        wanted = self.open.take.next if self.open is not None else -1
        if frame:
            if self.told == (refusal.code, wanted):
                return  # the frames behind a refused one are refused in silence
            self.told = (refusal.code, wanted)
        self.faults += 1
        logger.warning("code=%s %s %s", refusal.code, self.name(), refusal.detail)
        gap = wanted if refusal.code == "gap" else None
        with translation.override(self.language):
            plain = refusal.plain
        await self.say(protocol.Error(refusal.code, plain, refusal.retry, gap))
        if self.faults >= MOST_FAULTS:
            await self.send({"type": "websocket.close", "code": TOO_MUCH})

    # The line itself

    async def join(self, profile: Profile | None) -> None:
        """Hear of this learner's scores, and of nobody else's."""
        group = group_of(profile.pk) if profile is not None else ""
        if group == self.group:
            return
        if self.group:
            await self.channel_layer.group_discard(self.group, self.channel_name)
        if group:
            await self.channel_layer.group_add(group, self.channel_name)
        self.group = group

    def lose(self) -> None:
        """Another socket goes on with the take, without live marking."""
        self.open = None
        if self.live is not None:
            self.live.close()
            self.live = None

    def close(self) -> None:
        """Done with the take."""
        if self.open is not None:
            OPEN.close(self.open)
            self.lose()

    def keep(self) -> None:
        """Set the take aside for the socket that comes after this one."""
        if self.open is not None:
            OPEN.keep(self.open, time.monotonic())
            self.lose()
            asyncio.get_running_loop().call_later(KEEP_S + 1, forget_old)

    def leave(self) -> None:
        self.keep()
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None

    def tick(self) -> None:
        """Every few seconds: is anybody still there?"""
        loop = asyncio.get_running_loop()
        self.timer = loop.call_later(TICK_S, self.tick)
        now = time.monotonic()
        if self.open is not None and now - self.open.opened > SLOWEST_S:
            self.close()
            self.later(self.refuse(Refusal("too_long", "the line was too slow")))
        elif self.open is not None and now - self.seen > IDLE_S:
            self.keep()
            self.later(self.refuse(Refusal("idle")))
        elif now - self.seen > SILENT_SOCKET_S:
            self.timer.cancel()
            self.later(self.send({"type": "websocket.close", "code": 1000}))

    def later(self, what: Any) -> None:
        task = asyncio.ensure_future(what)
        _TASKS.add(task)
        task.add_done_callback(_TASKS.discard)

    def name(self) -> str:
        return f"{self.group or 'nobody'} take={self.open.id if self.open else None}"


_TASKS: set[asyncio.Future[Any]] = set()  # asyncio itself holds tasks only weakly


def forget_old() -> None:
    OPEN.expire(time.monotonic())


def detector(criterion: Criterion) -> vad.SpeechDetector:
    """Patient with sentences: learners pause between words, and longer before the first ones."""
    words = len(criterion.words)
    return vad.SpeechDetector(0.8 if words == 1 else 1.2, least_s=0.2 * words)
