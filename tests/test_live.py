"""Live marking at the socket: words are told while they are read, and never at a price."""

import asyncio
from collections.abc import Callable

import pytest

from assessment import consumers
from assessment.live import Live
from assessment.open_takes import OpenTakes
from learning.models import Exercise
from tests import lessons, people
from tests.pages import Page, page
from tests.people import Person
from tests.servers import wait_until
from tests.voices import FRAME, frames, hiss, silence, synthesised

pytestmark = [pytest.mark.django_db(transaction=True)]
TEXT = "the children play in the garden"
WORDS = len(TEXT.split())


@pytest.fixture(autouse=True)
def no_takes_of_other_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "OPEN", OpenTakes())


@pytest.fixture
def follow(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Live]:
    """Live marking with so many places, ready."""

    def made(slots: int) -> Live:
        live = Live(slots)
        monkeypatch.setattr(consumers, "LIVE", live)
        live.warm()
        wait_until(lambda: live.ready or slots == 0, "the listener is not ready")
        return live

    return made


@pytest.fixture
def learner(transactional_db: None) -> Person:
    return people.learner()


@pytest.fixture
def exercise(transactional_db: None) -> Exercise:
    return lessons.exercise(TEXT)


def voice() -> bytes:
    return silence(0.3) + synthesised(TEXT).pcm + silence(0.8)


async def speak(talk: Page, pcm: bytes, first: int = 0) -> int:
    """Send the sound twice as fast as it is spoken; the number after the last frame."""
    for message in frames(pcm, first):
        await talk.line.send(message)
        await asyncio.sleep(0.05)
    return first + -(-len(pcm) // FRAME)


async def begin(talk: Page, exercise: Exercise) -> str:
    take = await talk.start(exercise.pk)
    await talk.hear("ready")
    return str(take)


async def test_words_are_told_while_they_are_read(
    learner: Person, exercise: Exercise, follow: Callable[[int], Live]
) -> None:
    live = follow(2)
    async with page(learner) as talk:
        take = await begin(talk, exercise)
        assert len(live) == 1
        half = len(voice()) // FRAME // 2 * FRAME
        sent = await speak(talk, voice()[:half])
        early = await talk.hear("progress")
        assert early["take"] == take
        assert 1 <= early["words"] < WORDS
        sent = await speak(talk, voice()[half:], sent)
        await asyncio.sleep(0.3)
        await talk.say("stop", frames=sent)
        await talk.hear("stored")
    told = [heard["words"] for heard in talk.heard if heard["type"] == "progress"]
    assert told == sorted(set(told))  # only when there are more
    assert told[-1] >= WORDS - 1
    assert len(live) == 0


@pytest.mark.parametrize("pcm", [silence(4), hiss(4)], ids=["silence", "noise"])
async def test_no_voice_lights_nothing(
    pcm: bytes, learner: Person, exercise: Exercise, follow: Callable[[int], Live]
) -> None:
    follow(2)
    async with page(learner) as talk:
        await begin(talk, exercise)
        await talk.say("stop", frames=await speak(talk, pcm))
        await talk.hear("stored", "error")
    assert "progress" not in {heard["type"] for heard in talk.heard}


@pytest.mark.parametrize("slots", [0, 1])
async def test_without_a_place_the_take_is_stored_all_the_same(
    slots: int, learner: Person, exercise: Exercise, follow: Callable[[int], Live]
) -> None:
    live = follow(slots)
    async with page(learner) as first, page(learner) as second:
        await begin(first, exercise)
        await begin(second, exercise)
        assert len(live) == slots
        await second.say("stop", frames=await speak(second, voice()))
        await second.hear("stored")
        assert "progress" not in {heard["type"] for heard in second.heard}


async def test_a_take_that_comes_too_fast_is_given_up_and_stored(
    learner: Person, exercise: Exercise, follow: Callable[[int], Live]
) -> None:
    live = follow(2)
    async with page(learner) as talk:
        await begin(talk, exercise)
        sent = await talk.send(voice() * 3)  # as after another process lost it
        for _ in range(40):
            if len(live) == 0:
                break
            await asyncio.sleep(0.05)
        assert len(live) == 0
        await talk.say("stop", frames=sent)
        await talk.hear("stored")


async def test_a_cancelled_take_gives_its_place_back(
    learner: Person, exercise: Exercise, follow: Callable[[int], Live]
) -> None:
    live = follow(1)
    async with page(learner) as talk:
        await begin(talk, exercise)
        await speak(talk, voice()[: 5 * FRAME])
        await talk.say("cancel")
        await begin(talk, exercise)
        assert len(live) == 1
        sent = await speak(talk, voice())
        await talk.hear("progress")
        await talk.say("stop", frames=sent)
        await talk.hear("stored")


async def test_a_broken_line_gives_its_place_back_and_the_take_goes_on_without(
    learner: Person, exercise: Exercise, follow: Callable[[int], Live]
) -> None:
    live = follow(1)
    async with page(learner) as talk:
        take = await begin(talk, exercise)
        await speak(talk, voice()[: 5 * FRAME])
    assert len(live) == 0
    async with page(learner) as again:
        await again.say("resume", take=take)
        wanted = (await again.hear("ready"))["next"]
        sent = await again.send(voice()[wanted * FRAME :], wanted)
        await again.say("stop", frames=sent)
        await again.hear("stored")
    assert len(live) == 0
