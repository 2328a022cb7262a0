"""The form for many machines: every kind of process by itself, on a real Redis and PostgreSQL."""

import urllib.request

import psycopg

from tests.servers import wait_until
from tests.site import Site


def test_web_worker_and_clock_work_together(many_machines: Site) -> None:
    many_machines.environment["SWEEP_S"] = "1"
    web, worker = many_machines.web(), many_machines.worker("maintain")
    many_machines.beat()
    with urllib.request.urlopen(f"{web.url}/quien-habla/") as page:
        assert "¿Quién va a hablar?" in page.read().decode()
    wait_until(lambda: worker.says("Task assessment.tasks.sweep"), "the clock starts no sweep")
    wait_until(lambda: worker.says("succeeded"), "the sweep does not succeed")
    for node in many_machines.nodes:
        node.process.terminate()
        assert node.process.wait(20) in (0, -15)
        assert "Traceback" not in node.log.read_text()


def test_pages_share_connections_and_outlive_the_end_of_them(many_machines: Site) -> None:
    web = many_machines.web()
    with psycopg.connect(many_machines.environment["DATABASE_URL"], autocommit=True) as database:
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid != %s"
        own = [database.info.backend_pid]

        def connections() -> set[tuple[int]]:
            return set(database.execute(f"SELECT pid {others}", own).fetchall())

        ask_for_pages(web.url, 1)
        before = connections()
        ask_for_pages(web.url, 10)
        assert connections() == before
        database.execute(f"SELECT pg_terminate_backend(pid) {others}", own)
        ask_for_pages(web.url, 3)
        assert not connections() & before
    assert "Traceback" not in web.log.read_text()


def ask_for_pages(url: str, count: int) -> None:
    for _ in range(count):
        with urllib.request.urlopen(f"{url}/estanteria/") as page:
            assert page.status == 200


def test_a_web_node_needs_no_torch(many_machines: Site) -> None:
    found = many_machines.manage(
        "shell",
        "--no-imports",
        "-c",
        "import sys, config.asgi; from django.urls import get_resolver;"
        "get_resolver().url_patterns; print('torch' in sys.modules)",
    )
    assert found.strip() == "False"
