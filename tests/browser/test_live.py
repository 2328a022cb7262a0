"""Words light up in the page while a voice reads them into the microphone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests import voices
from tests.browser.conftest import LESSON, WRITE_LESSON, Cotorra, Visit
from tests.browser.driver import PERMITTED, open_browser, write_wav
from tests.servers import wait_until
from tests.site import Site

TEXT = "the children play in the garden"
RECORD = f"{LESSON}#ejercicio-1"
WORDS = "#ejercicio-1 h2 [data-words]"


@pytest.fixture(scope="module")
def reading(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser whose microphone hears the text read."""
    pcm = voices.silence(0.6) + voices.synthesised(TEXT).pcm + voices.silence(8)
    path = write_wav(tmp_path_factory.mktemp("voice") / "voice.wav", pcm)
    with open_browser(playwright, *PERMITTED, microphone=path) as opened:
        yield opened


def installed(folder: Path, **environment: str) -> Cotorra:
    """One process, with a lesson that begins with the text."""
    site = Site(folder, REDIS_URL="", DATABASE_URL="", DEBUG="", **environment)
    site.manage("migrate", "--verbosity", "0")
    site.manage("collectstatic", "--noinput", "--verbosity", "0")
    running = Cotorra(site, site.one_process())
    running.ask(WRITE_LESSON.format(first=TEXT))
    wait_until(lambda: running.node.says("code=warm"), "the engine is not warm")
    return running


@pytest.fixture(scope="module")
def cotorra(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cotorra]:
    running = installed(tmp_path_factory.mktemp("live"))
    yield running
    running.site.close()


def start(page: Page) -> None:
    page.locator("[data-record]").click()
    expect(page.locator("[data-recorder]")).to_have_attribute("data-state", "recording")


def answered(page: Page) -> None:
    expect(page.locator("[data-current] .feedback[data-score]")).to_be_visible(timeout=20_000)


# In the page: how many words were lit, in the order of changes, and whether it still recorded.
WATCH = """(words) => {
  window.lit = [];
  const recorder = document.querySelector("[data-recorder]");
  new MutationObserver(() => {
    const count = document.querySelectorAll(`${words}[data-read]`).length;
    lit.push([count, recorder.dataset.state]);
  }).observe(document.querySelector("main"), { attributeFilter: ["data-read"], subtree: true });
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_light_up_while_they_are_read(reading: Browser, visit: Visit, theme: str) -> None:
    page = visit(reading, RECORD, who="adult", color_scheme=theme)
    expect(page.locator("#ejercicio-1 h2")).to_have_text(TEXT)
    page.evaluate(WATCH, WORDS)
    start(page)
    read = page.locator(f"{WORDS}[data-read]")
    expect(read.first).to_be_visible()
    # Not by colour alone, and readable.
    seen = read.first.evaluate(
        "each => [getComputedStyle(each).borderBottomStyle, getComputedStyle(each).color]"
    )
    assert seen[0] == "solid"
    assert seen[1] == page.locator("body").evaluate("each => getComputedStyle(each).color")
    answered(page)
    counts = [count for count, state in page.evaluate("lit") if state == "recording"]
    assert counts == sorted(counts)
    assert 1 <= min(counts) <= 3  # one after the other...
    assert max(counts) >= 5  # ...and before it stopped by itself
    # Whoever cannot see it is not told word by word.
    assert page.locator("[aria-live] [data-words], [role=status] [data-words]").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_second_reading_lights_the_words_of_the_last_answer(
    reading: Browser, visit: Visit
) -> None:
    page = visit(reading, RECORD, who="adult")
    start(page)
    answered(page)
    page.wait_for_timeout(500)  # sooner it would be the same press
    start(page)
    expect(page.locator("[data-read]")).to_have_count(0)
    expect(page.locator("[data-result] .word[data-read]")).not_to_have_count(0)
    answered(page)
    expect(page.locator("[data-result] [data-read]")).to_have_count(0)


def test_without_live_marking_everything_else_works(
    reading: Browser, visit: Visit, tmp_path: Path
) -> None:
    without = installed(tmp_path, LIVE_STREAMS="0")
    try:
        page = visit(reading, RECORD, who="adult", origin=without.url)
        page.evaluate(WATCH, WORDS)
        start(page)
        answered(page)
        assert page.evaluate("lit") == []
    finally:
        without.site.close()
