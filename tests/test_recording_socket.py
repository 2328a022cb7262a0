"""The recording socket: whole takes, broken lines, bad input, and who may do what."""

import asyncio
import logging
import time
import uuid
from copy import deepcopy
from functools import partial
from typing import Any

import pytest
from channels.db import database_sync_to_async

from accounts import consent, profiles
from accounts.models import Consent, Profile
from assessment import consumers, recordings
from assessment.models import Attempt
from assessment.open_takes import OpenTakes
from learning.models import Exercise
from speech import audio
from tests import lessons, people
from tests.pages import Page, line, page
from tests.people import Person
from tests.voices import frames, hiss, pcm16, silence, voice

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def no_takes_of_other_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "OPEN", OpenTakes())


@pytest.fixture
def learner(transactional_db: None) -> Person:
    return people.learner()


@pytest.fixture
def stranger(transactional_db: None) -> Person:
    return people.stranger()


@pytest.fixture
def exercise(transactional_db: None) -> Exercise:
    return lessons.exercise(voice().text)


async def only_attempt() -> Attempt:
    attempt: Attempt = await database_sync_to_async(Attempt.objects.get)()
    return attempt


async def sound_of(attempt: Attempt) -> bytes:
    pcm: bytes = await database_sync_to_async(recordings.read)(attempt.recording)
    return pcm


async def attempts() -> int:
    count: int = await database_sync_to_async(Attempt.objects.count)()
    return count


async def code(talk: Page) -> str:
    answer: str = (await talk.hear("error"))["code"]
    return answer


async def test_a_take_is_stored_byte_for_byte(learner: Person, exercise: Exercise) -> None:
    async with page(learner) as talk:
        take = await talk.start(exercise.pk)
        assert await talk.hear("ready") == {
            "type": "ready",
            "take": str(take),
            "next": 0,
            "max_s": 20,
        }
        await talk.say("stop", frames=await talk.send(voice().pcm))
        stored = await talk.hear("stored")
    attempt = await only_attempt()
    assert stored["attempt"] == str(attempt.pk)
    assert stored["url"] == f"/tomas/{attempt.pk}/"
    assert (attempt.profile_id, attempt.exercise_id) == (learner.profile.pk, exercise.pk)
    assert attempt.take == take
    assert attempt.duration_s == pytest.approx(voice().seconds)
    assert attempt.criterion["text"] == exercise.text
    assert attempt.criterion["model"]
    assert await sound_of(attempt) == voice().pcm


async def test_acknowledgements_are_few(learner: Person, exercise: Exercise) -> None:
    async with page(learner) as talk:
        await talk.start(exercise.pk)
        await talk.hear("ready")
        started = time.monotonic()
        for message in frames(voice().pcm)[:20]:
            await talk.line.send(message)
            await asyncio.sleep(0.05)
        await talk.say("stop", frames=20)
        await talk.hear("stored", "error")
    most = (time.monotonic() - started) / consumers.ACK_S + 1
    acks = [heard["next"] for heard in talk.heard if heard["type"] == "ack"]
    assert 2 <= len(acks) <= most and acks == sorted(set(acks))


async def test_the_end_of_speech_is_told_once(learner: Person, exercise: Exercise) -> None:
    async with page(learner) as talk:
        await talk.start(exercise.pk)
        await talk.hear("ready")
        count = await talk.send(voice().pcm + silence(2.6) + voice().pcm + silence(2.6))
        await talk.say("stop", frames=count)
        await talk.hear("stored")
    assert [heard["type"] for heard in talk.heard].count("end_of_speech") == 1


# Lines that break


async def test_a_line_that_breaks_in_the_middle_loses_nothing(
    learner: Person, exercise: Exercise
) -> None:
    messages = frames(voice().pcm)
    async with page(learner) as talk:
        take = await talk.start(exercise.pk)
        await talk.hear("ready")
        for message in messages[:13]:
            await talk.line.send(message)
    async with page(learner) as again:
        await again.say("resume", take=take)
        wanted = (await again.hear("ready"))["next"]
        assert 0 < wanted <= 13
        for message in messages[wanted - 3 :]:  # some come twice
            await again.line.send(message)
        await again.say("stop", frames=len(messages))
        await again.hear("stored")
    assert await sound_of(await only_attempt()) == voice().pcm


async def test_a_line_that_only_seems_alive_gives_its_take_to_the_new_one(
    learner: Person, exercise: Exercise
) -> None:
    messages = frames(voice().pcm)
    async with page(learner) as old, page(learner) as new:
        take = await old.start(exercise.pk)
        await old.hear("ready")
        for message in messages[:5]:
            await old.line.send(message)
        await old.line.send(b"?")
        await old.hear("error")  # so all five have arrived
        await new.say("resume", take=take)
        assert (await new.hear("ready"))["next"] == 5
        await old.line.send(messages[5])
        assert await code(old) == "not_started"
        await new.send(voice().pcm[5 * 3200 :], first=5)
        await new.say("stop", frames=len(messages))
        await new.hear("stored")
    assert await sound_of(await only_attempt()) == voice().pcm


async def test_another_node_takes_the_whole_take_from_the_first_frame(
    learner: Person, exercise: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with page(learner) as talk:
        take = await talk.start(exercise.pk)
        await talk.hear("ready")
        await talk.send(voice().pcm[:32000])
    monkeypatch.setattr(consumers, "OPEN", OpenTakes())  # the memory of another process
    async with page(learner) as again:
        await again.say("resume", take=take)
        assert await code(again) == "unknown_take"
        await again.start(exercise.pk, take)
        assert (await again.hear("ready"))["next"] == 0
        await again.say("stop", frames=await again.send(voice().pcm))
        await again.hear("stored")
    assert await sound_of(await only_attempt()) == voice().pcm


@pytest.mark.parametrize("how", ["resume", "start"])
async def test_a_take_that_had_arrived_is_not_stored_twice(
    learner: Person, exercise: Exercise, how: str
) -> None:
    async with page(learner) as talk:
        take = await talk.start(exercise.pk)
        await talk.hear("ready")
        await talk.say("stop", frames=await talk.send(voice().pcm))
        stored = await talk.hear("stored")
    async with page(learner) as again:
        if how == "resume":
            await again.say("resume", take=take)
        else:
            await again.start(exercise.pk, take)
        assert await again.hear("stored") == stored
    assert await attempts() == 1


async def test_a_missing_frame_is_asked_for_once(learner: Person, exercise: Exercise) -> None:
    messages = frames(voice().pcm)
    async with page(learner) as talk:
        await talk.start(exercise.pk)
        await talk.hear("ready")
        for message in messages[:3] + messages[4:]:
            await talk.line.send(message)
        gap = await talk.hear("error")
        assert (gap["code"], gap["next"], gap["retry"]) == ("gap", 3, True)
        for message in messages[3:]:
            await talk.line.send(message)
        await talk.say("stop", frames=len(messages))
        await talk.hear("stored")
    assert [heard["type"] for heard in talk.heard].count("error") == 1
    assert await sound_of(await only_attempt()) == voice().pcm


async def test_a_stop_that_comes_before_its_frames_is_told_which_are_missing(
    learner: Person, exercise: Exercise
) -> None:
    async with page(learner) as talk:
        await talk.start(exercise.pk)
        await talk.hear("ready")
        count = await talk.send(voice().pcm[:32000])
        await talk.say("stop", frames=count + 2)
        gap = await talk.hear("error")
        assert (gap["code"], gap["next"]) == ("gap", count)
        await talk.say("stop", frames=await talk.send(voice().pcm[32000:], first=count))
        await talk.hear("stored")


async def test_a_learner_who_says_nothing_more_is_set_aside(
    learner: Person, exercise: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumers, "TICK_S", 0.05)
    monkeypatch.setattr(consumers, "IDLE_S", 1.0)
    async with page(learner) as talk:
        take = await talk.start(exercise.pk)
        await talk.hear("ready")
        await talk.send(voice().pcm[:6400])
        assert await code(talk) == "idle"
        await talk.say("resume", take=take)
        assert (await talk.hear("ready"))["next"] == 2


async def test_a_socket_nobody_uses_is_closed(
    learner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumers, "TICK_S", 0.05)
    monkeypatch.setattr(consumers, "SILENT_SOCKET_S", 1.0)
    async with page(learner) as talk:
        with pytest.raises(ConnectionError, match="1000"):
            await talk.line.recv()


# Who may do what


async def test_another_learners_take_is_not_yours(
    learner: Person, stranger: Person, exercise: Exercise
) -> None:
    async with page(learner) as talk, page(stranger) as other:
        take = await talk.start(exercise.pk)
        await talk.hear("ready")
        await other.say("resume", take=take)
        assert await code(other) == "not_yours"
        await other.start(exercise.pk, take)
        assert await code(other) == "not_yours"
        await talk.say("stop", frames=await talk.send(voice().pcm))
        await talk.hear("stored")
        await other.say("resume", take=take)  # stored by now
        assert await code(other) == "not_yours"
        await other.start(exercise.pk, take)
        assert await code(other) == "not_yours"
    assert (await only_attempt()).profile_id == learner.profile.pk


async def test_nobody_records_before_saying_who_speaks(exercise: Exercise) -> None:
    visitor = await database_sync_to_async(people.visitor)()
    async with page(visitor) as talk:
        await talk.start(exercise.pk)
        assert await code(talk) == "no_consent"
        choose = database_sync_to_async(partial(choose_adult, visitor))
        await choose()
        await talk.start(exercise.pk)  # on the same line
        await talk.hear("ready")


def choose_adult(visitor: Person) -> None:
    session = visitor.client.session
    profiles.choose(session, Profile.Kind.ADULT)
    session.save()


async def test_nobody_records_without_a_session(exercise: Exercise) -> None:
    nobody = line([(b"origin", b"http://testserver")])
    assert (await nobody.connect(20))[0]
    await nobody.send_json_to({"type": "resume", "take": str(uuid.uuid4())})
    assert (await nobody.receive_json_from(20))["code"] == "no_consent"
    await nobody.disconnect(timeout=20)


async def test_a_consent_withdrawn_while_recording_keeps_the_take_out(
    learner: Person, exercise: Exercise
) -> None:
    async with page(learner) as talk:
        await talk.start(exercise.pk)
        await talk.hear("ready")
        count = await talk.send(voice().pcm)
        await database_sync_to_async(consent.withdraw)(learner.profile, Consent.Purpose.CHILD_VOICE)
        await talk.say("stop", frames=count)
        assert await code(talk) == "no_consent"
    assert await attempts() == 0
    assert list(await database_sync_to_async(lambda: list(recordings.names()))()) == []


async def test_a_learner_who_is_deleted_while_recording_leaves_nothing(
    learner: Person, exercise: Exercise
) -> None:
    async with page(learner) as talk:
        await talk.start(exercise.pk)
        await talk.hear("ready")
        count = await talk.send(voice().pcm)
        await database_sync_to_async(learner.profile.delete)()
        await talk.say("stop", frames=count)
        assert await code(talk) in ("no_consent", "not_started")
    assert await attempts() == 0
    assert await database_sync_to_async(lambda: list(recordings.names()))() == []


@pytest.mark.parametrize("origin", [b"http://evil.example", b"null", b"http://testserver.evil"])
async def test_a_page_of_another_site_gets_no_line(learner: Person, origin: bytes) -> None:
    headers = [(b"origin", origin), *learner.headers[:1]]
    assert not (await line(headers).connect(20))[0]


async def test_a_third_take_at_once_is_told_to_wait(learner: Person, exercise: Exercise) -> None:
    async with page(learner) as one, page(learner) as two, page(learner) as three:
        for talk in (one, two):
            await talk.start(exercise.pk)
            await talk.hear("ready")
        await three.start(exercise.pk)
        error = await three.hear("error")
        assert (error["code"], error["retry"]) == ("busy", True)
        await one.say("cancel")
        await one.say("cancel")
        await one.start(exercise.pk + 1000)
        assert await code(one) == "unknown_exercise"  # so the cancel has been heard
        await three.start(exercise.pk)
        await three.hear("ready")


# Bad input: each gets its name, a sentence and a log line, and the line stays good

LOUD = hiss(1.5, 0.2)
BAD_TAKES = {
    "empty": (b"", "empty_audio"),
    "one frame": (voice().pcm[:3200], "too_short"),
    "silent": (silence(2), "too_quiet"),
    "no voice": (LOUD, "no_speech"),
    "far too long": (voice().pcm * 10, "too_long"),
}


@pytest.mark.parametrize("kind", BAD_TAKES)
async def test_a_take_that_cannot_be_judged_is_named_and_the_next_one_is_welcome(
    learner: Person, exercise: Exercise, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    pcm, wanted = BAD_TAKES[kind]
    async with page(learner) as talk:
        error = await talk.record(exercise.pk, pcm)
        assert error["code"] == wanted
        assert error["plain"].endswith(".") and error["retry"]
        if wanted == "too_long":
            assert await code(talk) == "not_started"  # the stop
        stored = await talk.record(exercise.pk, voice().pcm)
        assert stored["type"] == "stored"
    assert f"code={wanted} profile.{learner.profile.pk}" in caplog.text
    assert await attempts() == 1


async def test_a_clipped_take_is_taken_with_a_note(learner: Person, exercise: Exercise) -> None:
    loud = audio.from_pcm16(voice().pcm) * 30
    async with page(learner) as talk:
        stored = await talk.record(exercise.pk, pcm16(loud))
    assert stored["notes"] == ["clipped"]
    assert (await only_attempt()).notes == ["clipped"]


BAD_MESSAGES: dict[str, tuple[Any, str]] = {
    "no JSON": ("hola", "bad_message"),
    "5,000 characters": ("rabbit " * 715, "oversized"),
    "another rate": ({"rate": 44100}, "bad_rate"),
    "another format": ({"format": "float32"}, "bad_format"),
    "no such exercise": ({"exercise": 10**12}, "unknown_exercise"),
    "a stop without a start": ('{"type": "stop", "frames": 0}', "not_started"),
    "sound before a start": (frames(silence(0.1))[0], "not_started"),
    "half a sample": (bytes(7), "bad_frame"),
    "an oversized frame": (bytes(4 + 3202), "oversized"),
    "a PNG": (b"\x89PNG\r\n\x1a\n" + bytes(5000), "oversized"),
}


@pytest.mark.parametrize("kind", BAD_MESSAGES)
async def test_a_bad_message_is_named_and_the_line_stays_good(
    learner: Person, exercise: Exercise, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    bad, wanted = deepcopy(BAD_MESSAGES[kind])
    async with page(learner) as talk, page(learner) as neighbour:
        await neighbour.start(exercise.pk)
        await neighbour.hear("ready")
        if isinstance(bad, dict):
            await talk.start(bad.pop("exercise", exercise.pk), **bad)
        else:
            await talk.line.send(bad)
        error = await talk.hear("error")
        assert error["code"] == wanted and error["plain"].endswith(".")
        assert f"code={wanted} " in caplog.text
        assert (await talk.record(exercise.pk, voice().pcm))["type"] == "stored"
        await neighbour.say("stop", frames=await neighbour.send(voice().pcm))
        await neighbour.hear("stored")
    assert await attempts() == 2


async def test_bad_messages_in_the_middle_do_not_harm_the_take(
    learner: Person, exercise: Exercise
) -> None:
    messages = frames(voice().pcm)
    async with page(learner) as talk:
        take = await talk.start(exercise.pk)
        await talk.hear("ready")
        for message in messages[:10]:
            await talk.line.send(message)
        for bad, wanted in (
            (messages[12], "gap"),
            (bytes(5), "bad_frame"),
            (bytes(9000), "oversized"),
            ("{", "bad_message"),
        ):
            await talk.line.send(bad)
            assert await code(talk) == wanted
        await talk.line.send(messages[4])  # a duplicate is no error
        await talk.start(exercise.pk)
        assert await code(talk) == "already_started"
        await talk.say("resume", take=take)
        assert await code(talk) == "already_started"
        await talk.say("stop", frames=3)
        assert await code(talk) == "bad_message"
        await talk.send(voice().pcm[32000:], first=10)
        await talk.say("stop", frames=len(messages))
        await talk.hear("stored")
    assert await sound_of(await only_attempt()) == voice().pcm


async def test_an_exercise_with_a_word_in_no_lexicon_is_pronounced_all_the_same(
    learner: Person,
) -> None:
    made_up = await database_sync_to_async(lessons.exercise)("the snorfblat")
    async with page(learner) as talk:
        assert (await talk.record(made_up.pk, voice().pcm))["type"] == "stored"


@pytest.mark.parametrize(
    ("text", "wanted"), [("…", "empty_text"), ("a rabbit " * 33, "text_too_long")]
)
async def test_an_exercise_that_cannot_be_said_is_refused_by_name(
    learner: Person, text: str, wanted: str
) -> None:
    bad = await database_sync_to_async(lessons.exercise)(text)
    async with page(learner) as talk:
        await talk.start(bad.pk)
        assert await code(talk) == wanted


async def test_an_exercise_that_is_not_published_is_unknown(learner: Person) -> None:
    draft = await database_sync_to_async(lessons.exercise)(published=False)
    async with page(learner) as talk:
        await talk.start(draft.pk)
        assert await code(talk) == "unknown_exercise"


async def test_a_page_that_never_makes_sense_is_hung_up_on(
    learner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumers, "MOST_FAULTS", 20)
    async with page(learner) as talk:
        with pytest.raises(ConnectionError, match="1008"):
            while True:
                await talk.line.send("?")
                await talk.line.recv()


async def test_a_storage_that_fails_keeps_the_take_for_another_try(
    learner: Person, exercise: Exercise, settings: Any, tmp_path: Any
) -> None:
    in_the_way = tmp_path / "recordings"
    in_the_way.write_text("a file where the folder should be")
    async with page(learner) as talk:
        await talk.start(exercise.pk)
        await talk.hear("ready")
        count = await talk.send(voice().pcm)
        await talk.say("stop", frames=count)
        error = await talk.hear("error")
        assert (error["code"], error["retry"]) == ("failed", True)
        in_the_way.unlink()
        await talk.say("stop", frames=count)
        await talk.hear("stored")
    assert await sound_of(await only_attempt()) == voice().pcm
