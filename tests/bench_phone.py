"""What a phone waits for and pays for: bytes of a first visit, and when something shows.

In Chromium at 390 px with an empty cache; first paint with Lighthouse's mobile throttle: 150 ms
round trip, 1.6 Mbit/s, a processor four times slower. Of each kind of page the heaviest lesson.
"""

from __future__ import annotations

import re
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import sync_playwright

from tests.browser.driver import open_browser
from tests.browser.weight import first_visit
from tests.site import Site

VISITS = 5
KINDS = {"/leccion/{}/": "a lesson's cards", "/jugar/{}/": "its exercises"}


def measure() -> dict[str, Any]:
    """By address: bytes by kind of resource, and p50 and the worst of first paint in ms."""
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder), REDIS_URL="", DATABASE_URL="", DEBUG="0", LOG_LEVEL="WARNING")
        try:
            site.manage("migrate", "--verbosity", "0")
            site.manage("load_course", "--verbosity", "0")
            site.manage("collectstatic", "--noinput", "--verbosity", "0")
            url = site.one_process().url
            with sync_playwright() as playwright, open_browser(playwright) as browser:
                found = {}
                for path in ["/", *heaviest(url)]:
                    sizes = first_visit(browser, url + path).sizes
                    painted = [
                        first_visit(browser, url + path, throttled=True).first_paint_ms
                        for _ in range(VISITS)
                    ]
                    found[path] = {
                        "bytes": sum(sizes.values()),
                        "sizes": sizes,
                        "first_paint_ms": round(float(np.median(painted))),
                        "worst_ms": round(max(painted)),
                    }
        finally:
            site.close()
    return found


def heaviest(url: str) -> list[str]:
    """Of each kind of page, the one of the lesson with the longest."""
    lessons = sorted(set(re.findall(r'href="/leccion/([\w-]+)/', text_of(f"{url}/"))))
    return [
        max((kind.format(each) for each in lessons), key=lambda path: len(text_of(url + path)))
        for kind in KINDS
    ]


def text_of(url: str) -> str:
    with urllib.request.urlopen(url) as page:
        found: str = page.read().decode()
    return found


def tell(found: dict[str, Any]) -> None:
    print("first visit at 390 px, nothing in the cache; first paint on a throttled phone:")
    for path, row in found.items():
        kinds = ", ".join(f"{kind} {size / 1000:.1f}" for kind, size in row["sizes"].items())
        print(f"  {path:40} {row['bytes'] / 1000:6.1f} kB ({kinds})")
        print(f"  {'':40} first paint p50 {row['first_paint_ms']} ms", end="")
        print(f", worst {row['worst_ms']} ms ({VISITS} visits)")
