"""Cotorra as it runs in earnest: its own processes, driven from outside."""

import os
import signal
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from tests.servers import free_port, stop, wait_until

ROOT = Path(__file__).resolve().parent.parent
KEYS = {
    "SECRET_KEY": "a secret of the tests",
    "RECORDING_KEYS": "Y290b3JyYS1jb3RvcnJhLWNvdG9ycmEtY290b3JyYSE=",
}


@dataclass
class Node:
    """One process; `url` where it serves pages, `log` what it printed."""

    process: subprocess.Popen[bytes]
    log: Path
    url: str = ""

    def says(self, words: str) -> bool:
        if self.process.poll() is not None:
            raise RuntimeError(f"it ended with {self.process.returncode}: {self.log.read_text()}")
        return words in self.log.read_text()

    def kill(self) -> None:
        """End it without a chance to tidy up."""
        self.process.kill()
        self.process.wait()


class Site:
    """An installation in `folder`: start as many web nodes, workers and clocks as a test needs."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.nodes: list[Node] = []
        inherited = {k: v for k, v in os.environ.items() if k not in ("DEBUG", "HTTPS")}
        self.environment = {
            **inherited,
            **KEYS,
            "VAR_DIR": str(folder / "var"),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DEBUG": "1",
            "LOG_LEVEL": "INFO",
            "PYTHONUNBUFFERED": "1",
            "NARRATOR_BUNDLE": str(folder / "no-narrator"),  # espeak-ng speaks
            **environment,
        }

    def manage(self, *arguments: str) -> str:
        """Run a management command; gives what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"manage.py {arguments[0]}: {done.stdout}{done.stderr}")
        return done.stdout

    def one_process(self) -> Node:
        """`manage.py serve`."""
        port = free_port()
        return self.wait_for_pages(self.start("manage.py", "serve", "--port", str(port)), port)

    def web(self) -> Node:
        """A web node: Daphne alone."""
        port = free_port()
        arguments = ["-m", "daphne", "-b", "127.0.0.1", "-p", str(port)]
        return self.wait_for_pages(self.start(*arguments, "config.asgi:application"), port)

    def worker(self, queues: str = "score,narrate,maintain", pool: str = "solo") -> Node:
        """A Celery worker that is ready for jobs."""
        arguments = ["-m", "celery", "-A", "config", "worker", "-Q", queues, "-P", pool]
        node = self.start(*arguments, "-c", "1", "-l", "INFO", "-n", f"node{len(self.nodes)}@%h")
        wait_until(lambda: node.says(" ready."), "the worker is not ready")
        return node

    def beat(self) -> Node:
        """The clock that starts periodic jobs."""
        schedule = str(self.folder / "beat-schedule")
        return self.start("-m", "celery", "-A", "config", "beat", "-l", "INFO", "-s", schedule)

    def start(self, *arguments: str) -> Node:
        log = self.folder / f"node-{len(self.nodes)}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                # A shell that runs the tests in the background has Ctrl-C ignored.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )
        node = Node(process, log)
        self.nodes.append(node)
        return node

    def wait_for_pages(self, node: Node, port: int) -> Node:
        scheme = "https" if self.environment.get("HTTPS") == "1" else "http"
        node.url = f"{scheme}://127.0.0.1:{port}"
        wait_until(lambda: node.says("") and is_healthy(node.url), "no page is served")
        return node

    def close(self) -> None:
        for node in self.nodes:
            stop(node.process)


def is_healthy(url: str) -> bool:
    # Whether the certificate is good is another question.
    unverified = ssl.create_default_context()
    unverified.check_hostname = False
    unverified.verify_mode = ssl.CERT_NONE
    try:
        with urllib.request.urlopen(f"{url}/salud", timeout=5, context=unverified) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError as error:
        error.close()
        return False
    except OSError:
        return False
