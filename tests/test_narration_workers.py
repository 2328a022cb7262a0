"""Our own voice in processes of their own: web nodes without torch, workers, one machine."""

import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.message import Message
from pathlib import Path

import pytest

from tests import inside, narrators
from tests.servers import wait_until
from tests.site import Site
from tests.test_workers import take_torch_away

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def version(tmp_path: Path) -> str:
    (tmp_path / "narrator").mkdir()
    return narrators.write(tmp_path / "narrator")


def with_voice(site: Site, **environment: str) -> int:
    """An exercise there; its number."""
    site.environment |= {"NARRATOR_BUNDLE": str(site.folder / "narrator"), "NARRATE_AHEAD_S": "0"}
    site.environment |= environment
    return inside.guest(site).exercise


def ask(url: str) -> tuple[Message, bytes]:
    with urllib.request.urlopen(url, timeout=60) as answer:
        return answer.headers, answer.read()


def at_once(urls: list[str], ask: Callable[[str], tuple[Message, bytes]]) -> set[bytes]:
    with ThreadPoolExecutor(len(urls)) as pool:
        return {data for _, data in pool.map(ask, urls)}


def voices(site: Site) -> list[str]:
    return sorted(p.name for p in (site.folder / "var/media/public/voz").glob("cotorra-*/*"))


def test_a_web_node_without_torch_waits_for_a_worker(many_machines: Site, version: str) -> None:
    exercise = with_voice(many_machines, NARRATE_WAIT_S="30")
    worker = many_machines.worker("narrate")
    take_torch_away(many_machines)
    nodes = [many_machines.web(), many_machines.web()]
    urls = [f"{node.url}/voz/{exercise}/normal.mp3" for node in nodes * 3]
    (sound,) = at_once(urls, ask)
    headers, _ = ask(urls[0])
    assert headers["X-Voice"] == f"cotorra {version}"
    assert len(sound) > 500
    assert len(voices(many_machines)) == 3  # one rendering: ogg, mp3, json
    # received, succeeded
    assert worker.log.read_text().count("Task learning.tasks.narrate_passage") == 2
    for node in nodes:
        assert node.says("") and "Traceback" not in node.log.read_text()


def test_a_worker_that_is_away_is_not_waited_for_long(many_machines: Site, version: str) -> None:
    exercise = with_voice(many_machines, NARRATE_WAIT_S="1")
    take_torch_away(many_machines)
    web = many_machines.web()
    url = f"{web.url}/voz/{exercise}/normal.mp3"
    assert ask(url)[0]["X-Voice"] == "stand-in"
    del many_machines.environment["PYTHONPATH"]
    worker = many_machines.worker("narrate")
    wait_until(lambda: len(voices(many_machines)) == 3, "nobody speaks")
    assert ask(url)[0]["X-Voice"] == f"cotorra {version}"
    assert worker.says("")


def test_one_machine_speaks_in_its_worker(one_machine: Site, version: str) -> None:
    exercise = with_voice(one_machine, NARRATE_WAIT_S="60")
    node = one_machine.one_process()
    (sound,) = at_once([f"{node.url}/voz/{exercise}/normal.ogg"] * 4, ask)
    headers, _ = ask(f"{node.url}/voz/{exercise}/normal.ogg")
    assert (headers["X-Voice"], sound[:4]) == (f"cotorra {version}", b"OggS")
    assert len(voices(one_machine)) == 3


def test_the_command_speaks_in_many_processes(one_machine: Site, version: str) -> None:
    with_voice(one_machine)
    everything = one_machine.manage("narrate_course", "--list").splitlines()
    assert "we call it bear" in everything
    said = one_machine.manage("narrate_course", "--workers", "2", "--limit", "12")
    assert said.startswith(f"cotorra {version}: 12 of ")
    assert len(voices(one_machine)) >= 36
