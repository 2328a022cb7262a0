"""How long the server takes over each page, on PostgreSQL with ten thousand learners.

From a request to the last byte of its answer, one after the other, through Daphne on this machine;
the learners asked for have done anything from nothing to the whole course, daily for a year.
"""

from __future__ import annotations

import html
import http.client
import json
import re
import tempfile
import time
import urllib.parse
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tests import servers
from tests.site import Site

LESSON, QUIZ, RECORDED, BOOK = "hola-saludos", "hola-quiz", "seis-sonidos", "big-boots"
PAGES = (
    "/",
    f"/leccion/{LESSON}/",
    f"/leccion/{RECORDED}/",
    f"/jugar/{LESSON}/",
    f"/jugar/{QUIZ}/",
    "/estanteria/",
    f"/estanteria/{BOOK}/",
    "/hoy/",
    "/mi-progreso/",
    "/mis-sonidos/",
    "/tomas/",
    "/mis-datos/",
    "/quien-aprende/",
    "/familia/",
)
TOKEN = "c" * 32
QUESTION = re.compile(r'<section class="step question.*?</section>', re.DOTALL)
OFFERED = re.compile(r'type="radio" name="given" value="([^"]*)"')


@dataclass
class Learner:
    """A browser; `took` are the seconds of every page."""

    url: str
    cookies: str
    took: dict[str, list[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.line = http.client.HTTPConnection(urllib.parse.urlsplit(self.url).netloc)

    def ask(self, what: str, path: str, sent: dict[str, Any] | None = None) -> str:
        """Get a page, or post to it."""
        headers = {"Cookie": f"{self.cookies}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN}
        method, body = ("GET", None) if sent is None else ("POST", json.dumps(sent))
        start = time.perf_counter()
        self.line.request(method, path, body, headers)
        answer = self.line.getresponse()
        page = answer.read().decode()
        self.took.setdefault(what, []).append(time.perf_counter() - start)
        assert answer.status == (302 if what == "POST /hoy/empezar/" else 200), (what, page)
        return page

    def answer(self, address: str, page: str) -> None:
        """Answer the first question that is chosen, and look at how it went so far."""
        chosen = next((each for each in QUESTION.findall(page) if OFFERED.search(each)), "")
        if not chosen:
            return
        given = html.unescape(OFFERED.findall(chosen)[0])
        sent = {name: re.findall(f'data-{name}="([^"]*)"', page)[0] for name in ("sitting", "turn")}
        sent["exercise"] = re.findall(r'data-question="(\d+)"', chosen)[0]
        said = self.ask(f"POST {address}", address, sent | {"given": given})
        summary = json.loads(said)["summary"]
        self.ask(f"GET {re.sub('[0-9a-f-]{36}', '…', summary)}", summary)

    def look_around(self) -> None:
        """Every page once."""
        for path in PAGES:
            page = self.ask(f"GET {path}", path)
            if path == f"/jugar/{LESSON}/":
                self.answer(f"{path}respuesta/", page)
        self.ask("POST /hoy/empezar/", "/hoy/empezar/", {})
        self.answer("/hoy/jugar/respuesta/", self.ask("GET /hoy/jugar/", "/hoy/jugar/"))


def measure() -> dict[str, Any]:
    """Rows of the tables, seconds to fill them, and p50 and p95 in ms of every page."""
    with tempfile.TemporaryDirectory() as folder, servers.postgres_server() as database:
        site = Site(
            Path(folder), DATABASE_URL=database, REDIS_URL="", DEBUG="0", LOG_LEVEL="WARNING"
        )
        try:
            site.manage("migrate", "--verbosity", "0")
            site.manage("load_course", "--verbosity", "0")
            site.manage("collectstatic", "--noinput", "--verbosity", "0")
            code = "from tests import crowd; crowd.gather()"
            crowd = json.loads(site.manage("shell", "--no-imports", "-c", code).splitlines()[-1])
            url = site.web().url
            learners = [Learner(url, cookies) for cookies in crowd.pop("cookies")]
            learners[0].look_around()  # the first one finds nothing loaded
            learners[0].took.clear()
            for each in learners:
                each.look_around()
        finally:
            site.close()
    took: dict[str, list[float]] = {}
    for each in learners:
        for what, seconds in each.took.items():
            took.setdefault(what, []).extend(seconds)
    pages = {}
    for what, seconds in took.items():
        p50, p95 = 1000 * np.quantile(seconds, (0.5, 0.95))
        pages[what] = {"count": len(seconds), "p50_ms": round(p50, 1), "p95_ms": round(p95, 1)}
    return {**crowd, "pages": pages}


def tell(found: dict[str, Any]) -> None:
    rows = ", ".join(f"{count:,} {name}" for name, count in found["rows"].items())
    print(f"server time on PostgreSQL with {rows} (filled in {found['filled_s']} s):")
    for what, row in found["pages"].items():
        print(f"  {what:34} p50 {row['p50_ms']:6.1f} ms  p95 {row['p95_ms']:6.1f} ms", end="")
        print(f"  ({row['count']} times)")
