"""What a first visit to a page costs a phone: bytes over the line, and time until it shows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser

# Lighthouse's mobile profile: a slow 4G line, and a processor of a quarter of this one's speed.
ROUND_TRIP_MS, BITS_A_SECOND, SLOWER = 150, 1.6e6, 4
SOUND = "Media"
FIRST_PAINT = """() => new Promise((found) => new PerformanceObserver((list) => {
  for (const paint of list.getEntriesByName("first-contentful-paint")) found(paint.startTime);
}).observe({ type: "paint", buffered: true }))"""


@dataclass(frozen=True)
class Cost:
    """`sizes`: kind of resource -> bytes with headers, as transferred, sound left out."""

    sizes: dict[str, int]
    first_paint_ms: float

    @property
    def bytes(self) -> int:
        return sum(self.sizes.values())


def first_visit(browser: Browser, url: str, throttled: bool = False) -> Cost:
    """Open a page with nothing in the cache, on a phone of 390 px."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, device_scale_factor=3, is_mobile=True
    )
    try:
        page = context.new_page()
        devtools = context.new_cdp_session(page)
        kinds: dict[str, str] = {}
        sizes: Counter[str] = Counter()

        def finished(event: dict[str, Any]) -> None:
            sizes[kinds[event["requestId"]]] += int(event["encodedDataLength"])

        devtools.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["type"]}))
        devtools.on("Network.loadingFinished", finished)
        devtools.send("Network.enable")
        if throttled:
            speed = dict.fromkeys(("downloadThroughput", "uploadThroughput"), BITS_A_SECOND / 8)
            line = {"offline": False, "latency": ROUND_TRIP_MS, **speed}
            devtools.send("Network.emulateNetworkConditions", line)
            devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.goto(url, wait_until="networkidle")
        painted: float = page.evaluate(FIRST_PAINT)
        sizes.pop(SOUND, None)
        return Cost(dict(sizes), painted)
    finally:
        context.close()
