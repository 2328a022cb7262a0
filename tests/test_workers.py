"""Real workers, on a real Redis and a real PostgreSQL: whatever dies, every take is scored once."""

import asyncio
import os
import signal
import sqlite3
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from websockets.exceptions import ConnectionClosed

from tests import inside
from tests.inside import Guest
from tests.pages import far_page
from tests.servers import free_port, wait_until
from tests.site import Site
from tests.voices import voice

pytestmark = pytest.mark.timeout(300)
HASTE = {"SCORE_LEASE_S": "3", "SCORE_REQUEUE_S": "1", "SWEEP_S": "1"}


@pytest.fixture(autouse=True)
def haste(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dead workers are noticed after seconds instead of a minute."""
    for name, value in HASTE.items():
        monkeypatch.setenv(name, value)


def ask(site: Site, sql: str) -> list[Any]:
    """The rows that the database of the installation holds now."""
    if url := site.environment["DATABASE_URL"]:
        with psycopg.connect(url) as connection:
            return connection.execute(sql).fetchall()
    with closing(sqlite3.connect(site.folder / "var" / "cotorra.sqlite3")) as connection:
        return connection.execute(sql).fetchall()


def states(site: Site) -> Counter[str]:
    return Counter(state for (state,) in ask(site, "SELECT state FROM assessment_attempt"))


def wait_until_scored(site: Site, count: int) -> None:
    wait_until(lambda: states(site) == {"scored": count}, "not all takes are scored", 120)
    assert_each_scored_once(site, count)


def assert_each_scored_once(site: Site, count: int) -> None:
    """Findings and progress are written together, so progress counts the answers written."""
    answers = ask(site, "SELECT error_code FROM assessment_attempt WHERE findings IS NOT NULL")
    assert [tuple(answer) for answer in answers] == [("",)] * count
    assert ask(site, "SELECT sum(attempts) FROM learning_progress") == [(count,)]
    voices = site.folder / "var" / "media" / "recordings"
    wait_until(lambda: not list(voices.rglob("*.fernet")), "voices are left")


def being_scored(site: Site) -> list[Any]:
    held = "state = 'scoring' AND claimed_until > now()"
    return ask(site, f"SELECT id, claim_token FROM assessment_attempt WHERE {held}")


def kill_in_the_job(site: Site, pids: list[int]) -> bool:
    """SIGKILL while an attempt is being scored; whether its job was cut short."""
    wait_until(lambda: bool(being_scored(site)), "nothing is being scored")
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    cut_short = being_scored(site)
    time.sleep(0.1)
    return bool(cut_short) and being_scored(site) == cut_short


def test_takes_stored_while_no_worker_lives_are_scored_when_one_comes(
    many_machines: Site,
) -> None:
    inside.guest(many_machines, takes=2)
    broker = many_machines.environment["REDIS_URL"]
    many_machines.environment["REDIS_URL"] = f"redis://127.0.0.1:{free_port()}/0"  # nobody there
    inside.guest(many_machines, takes=2)
    many_machines.environment["REDIS_URL"] = broker
    many_machines.beat()
    many_machines.worker()
    wait_until_scored(many_machines, 4)


def test_workers_killed_in_the_job_lose_nothing_and_score_nothing_twice(
    many_machines: Site,
) -> None:
    inside.guest(many_machines, takes=40)
    cut_short = 0
    while cut_short < 2:
        worker = many_machines.worker()
        cut_short += kill_in_the_job(many_machines, [worker.process.pid])
        worker.process.wait()
    many_machines.beat()
    many_machines.worker()
    wait_until_scored(many_machines, 40)


def test_a_job_that_comes_again_after_its_worker_died_changes_nothing(
    many_machines: Site,
) -> None:
    (attempt,) = inside.guest(many_machines, takes=1).attempts
    worker = many_machines.worker()
    wait_until_scored(many_machines, 1)
    worker.kill()
    answer = ask(many_machines, "SELECT * FROM assessment_attempt")
    inside.queue(many_machines, attempt)
    second = many_machines.worker()
    wait_until(lambda: second.says(f"code=not_free attempt={attempt}"), "no second job came")
    assert ask(many_machines, "SELECT * FROM assessment_attempt") == answer
    assert_each_scored_once(many_machines, 1)


def test_a_child_of_a_worker_that_dies_in_the_job_is_replaced(many_machines: Site) -> None:
    inside.guest(many_machines, takes=10)
    worker = many_machines.worker(pool="prefork")
    many_machines.beat()
    while not kill_in_the_job(many_machines, children(worker.process.pid)):
        pass  # between two jobs
    wait_until_scored(many_machines, 10)
    assert worker.process.poll() is None


def children(pid: int) -> list[int]:
    """The children of a process, once there are any."""
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    wait_until(lambda: bool(listed.read_text().split()), "no child lives")
    return [int(child) for child in listed.read_text().split()]


async def whole_way(url: str, guest: Guest) -> tuple[float, dict[str, Any]]:
    """Record over a real line; seconds from the stop to the feedback, and the feedback."""
    async with far_page(url, guest.cookie) as talk:
        await talk.start(guest.exercise)
        await talk.hear("ready")
        count = await talk.send(voice().pcm)
        stopped = time.monotonic()
        await talk.say("stop", frames=count)
        stored = await talk.hear("stored")
        feedback = await talk.hear("feedback")
        assert feedback["attempt"] == stored["attempt"]
        return time.monotonic() - stopped, feedback


async def broken_way(first: str, second: str, guest: Guest) -> dict[str, Any]:
    """Start at one node and go on at another, which has never heard of the take."""
    async with far_page(first, guest.cookie) as talk:
        take = await talk.start(guest.exercise)
        await talk.hear("ready")
        await talk.send(voice().pcm[:32_000])
    async with far_page(second, guest.cookie) as talk:
        await talk.say("resume", take=take)
        assert (await talk.hear("error"))["code"] == "unknown_take"
        await talk.start(guest.exercise, take)
        assert (await talk.hear("ready"))["next"] == 0
        await talk.say("stop", frames=await talk.send(voice().pcm))
        return await talk.hear("feedback")


def test_on_many_machines_the_answer_comes_through_the_socket_of_any_node(
    many_machines: Site,
) -> None:
    guest = inside.guest(many_machines)
    many_machines.worker()
    take_torch_away(many_machines)
    first, second = many_machines.web(), many_machines.web()

    async def use_both() -> None:
        async with far_page(second.url, guest.cookie) as looking_on:
            opened = time.monotonic()
            spent_s, feedback = await whole_way(first.url, guest)
            assert 'data-state="scored"' in feedback["html"]
            assert spent_s < 10  # tests.bench measures it
            assert await looking_on.hear("feedback") == feedback  # on the other node
            feedback = await broken_way(first.url, second.url, guest)
            assert 'data-state="scored"' in feedback["html"]
            assert await looking_on.hear("feedback") == feedback
            await asyncio.sleep(opened + 7 - time.monotonic())
            await looking_on.say("cancel")  # a line that was quiet for a while is alive
            await looking_on.start(guest.exercise)
            await looking_on.hear("ready")

    asyncio.run(use_both())
    assert_each_scored_once(many_machines, 2)


def take_torch_away(site: Site) -> None:
    """The nodes started from now on are as if installed without torch."""
    shadow = site.folder / "without_torch" / "torch.py"
    shadow.parent.mkdir()
    shadow.write_text("raise ImportError('a web node has no torch')")
    site.environment["PYTHONPATH"] = str(shadow.parent)


def test_a_message_that_would_fill_the_memory_is_cut_off_and_harms_nobody(
    one_machine: Site,
) -> None:
    guest = inside.guest(one_machine)
    node = one_machine.one_process()

    async def flood() -> None:
        async with far_page(node.url, guest.cookie) as talk:
            await talk.start(guest.exercise)
            await talk.hear("ready")
            async with far_page(node.url, guest.cookie) as other:
                await other.line.send(bytes(65_000))
                assert (await other.hear("error"))["code"] == "oversized"
                with pytest.raises(ConnectionClosed):
                    await other.line.send(bytes(3_000_000))
                    await other.hear("error")
            await talk.say("stop", frames=await talk.send(voice().pcm))
            await talk.hear("stored")

    asyncio.run(flood())


def test_on_one_machine_the_same_code_does_the_same(one_machine: Site) -> None:
    guest = inside.guest(one_machine, takes=3)  # in the memory of a process that has ended
    node = one_machine.one_process()
    wait_until(lambda: node.says("code=warm"), "the engine is not warm")
    wait_until_scored(one_machine, 3)
    spent_s, feedback = asyncio.run(whole_way(node.url, guest))
    assert 'data-state="scored"' in feedback["html"]
    assert spent_s < 10
    assert_each_scored_once(one_machine, 4)
