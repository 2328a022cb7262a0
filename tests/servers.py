"""Real servers for tests: Redis and PostgreSQL on free ports, their files in a temporary folder.

`python -m tests.servers COMMAND ...` runs a command with DATABASE_URL and REDIS_URL set to them.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import redis

PATIENCE_S = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(ready: Callable[[], bool], what: str, patience_s: float = PATIENCE_S) -> None:
    """Wait for something to come true; say what it was if it does not."""
    deadline = time.monotonic() + patience_s
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} after {patience_s} s")
        time.sleep(0.05)


def stop(process: subprocess.Popen[bytes], by: int = signal.SIGTERM) -> None:
    if process.poll() is None:
        process.send_signal(by)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def redis_server() -> Iterator[str]:
    """A Redis of one's own; gives its address."""
    port = free_port()
    folder = tempfile.mkdtemp(prefix="cotorra-redis-")
    options = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder]
    process = subprocess.Popen(
        ["redis-server", "--port", str(port), *options], stdout=subprocess.DEVNULL
    )
    url = f"redis://127.0.0.1:{port}/0"
    try:
        with redis.Redis.from_url(url) as client:
            wait_until(lambda: answers(client), "Redis does not answer")
        yield url
    finally:
        stop(process)
        shutil.rmtree(folder, ignore_errors=True)


def answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False


@contextmanager
def postgres_server() -> Iterator[str]:
    """A PostgreSQL of one's own; gives the address of its first database."""
    port = free_port()
    # PostgreSQL refuses to run as root.
    owner = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="cotorra-postgres-"))
    if owner:
        shutil.chown(folder, **owner)
    data = folder / "data"
    subprocess.run(
        [postgres_program("initdb"), "-D", data, "-U", "cotorra", "-A", "trust"]
        + ["-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=folder,
        extra_groups=[] if owner else None,
        **owner,  # type: ignore[call-overload]
    )
    settings = [f"port={port}", f"unix_socket_directories={folder}", "listen_addresses=127.0.0.1"]
    settings += ["fsync=off", "full_page_writes=off", "max_connections=200"]
    settings += ["wal_level=minimal", "max_wal_senders=0"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [postgres_program("postgres"), "-D", data]
            + [argument for setting in settings for argument in ("-c", setting)],
            stdout=log,
            stderr=log,
            cwd=folder,
            extra_groups=[] if owner else None,
            **owner,  # type: ignore[call-overload]
        )
    url = f"postgresql://cotorra@127.0.0.1:{port}/postgres"
    try:
        wait_until(lambda: connects(url), "PostgreSQL does not answer")
        yield url
    finally:
        stop(process, by=signal.SIGINT)
        shutil.rmtree(folder, ignore_errors=True)


def postgres_program(name: str) -> str:
    """The program as found on the path, or where Debian keeps it."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    program = shutil.which(name) or (str(places[-1]) if places else None)
    if program is None:
        raise FileNotFoundError(f"{name} of PostgreSQL is not installed")
    return program


def connects(url: str) -> bool:
    try:
        with psycopg.connect(url):
            return True
    except psycopg.OperationalError:
        return False


def main() -> int:
    with redis_server() as redis_url, postgres_server() as postgres_url:
        environment = {**os.environ, "REDIS_URL": redis_url, "DATABASE_URL": postgres_url}
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
