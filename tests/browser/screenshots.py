"""The pictures of the README, taken anew: `python -m tests.browser.screenshots`."""

import tempfile
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from speech import audio, espeak
from tests import voices
from tests.browser.driver import PERMITTED, open_browser, write_wav
from tests.site import ROOT, Site

DOCS = ROOT / "docs"
PHONES: tuple[tuple[str, Literal["light", "dark"], int], ...] = (
    ("feedback", "light", 1100),
    ("recording", "dark", 844),
)
DESKTOP = ViewportSize(width=1280, height=800)
LESSON = "/leccion/sonidos-nuevos/"
SENTENCE = "Three zebras at the zoo."  # read by a Spanish voice that knows no English


def main() -> None:
    DOCS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="cotorra-pictures-") as folder:
        site = Site(Path(folder), REDIS_URL="", DATABASE_URL="", DEBUG="")
        for command in ("migrate", "load_course", "collectstatic --noinput"):
            site.manage(*command.split(), "--verbosity", "0")
        samples, rate = espeak.synthesise(SENTENCE, "es")
        voice = voices.silence(0.5) + voices.pcm16(audio.resample(samples, rate))
        microphone = write_wav(Path(folder) / "voice.wav", voice + voices.silence(8))
        url = site.one_process().url
        try:
            with (
                sync_playwright() as playwright,
                open_browser(playwright, *PERMITTED, microphone=microphone) as browser,
            ):
                take_pictures(browser, url)
        finally:
            site.close()


def take_pictures(browser: Browser, url: str) -> None:
    page = browser.new_page(viewport=DESKTOP)
    page.goto(url)
    picture(page, "home")
    for name, theme, height in PHONES:
        size = ViewportSize(width=390, height=height)
        page = browser.new_page(viewport=size, color_scheme=theme, reduced_motion="reduce")
        page.goto(f"{url}/quien-habla/")
        page.locator("button[value=adult]").click()
        page.goto(f"{url}{LESSON}")
        step = page.locator("[data-step]", has=page.locator("h2", has_text=SENTENCE))
        page.goto(f"{url}{LESSON}#{step.get_attribute('id')}")
        page.get_by_role("button", name="Grabar").click()
        if name == "recording":
            page.wait_for_timeout(1600)
        else:
            page.locator("[data-current] .feedback[data-score]").wait_for(timeout=20_000)
        picture(page, name)


def picture(page: Page, name: str) -> None:
    page.wait_for_timeout(300)
    page.screenshot(path=DOCS / f"screenshot-{name}.png")


if __name__ == "__main__":
    main()
