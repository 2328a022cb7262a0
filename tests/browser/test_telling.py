"""A page of a book told sentence by sentence, in a real browser."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from tests.browser.conftest import Cotorra, Visit
from tests.browser.test_shelf import BOOK, FOLLOW, LOAD
from tests.servers import wait_until

MOST_BETWEEN_S = 0.5  # of a busy machine, from the end of a sentence to the beginning of the next
TELL = """async (playlist) => {
  const { Telling } = await import("/static/js/telling.js");
  const telling = new Telling();
  const told = { words: [], gaps: [], how: "", first: 0 };
  const began = performance.now();
  let ended = null;
  telling.addEventListener("word", ({ detail }) => detail && told.words.push(detail.word));
  telling.audio.addEventListener("ended", () => (ended = performance.now()));
  telling.audio.addEventListener("playing", () => {
    if (!telling.source) return;
    told.first ||= (performance.now() - began) / 1000;
    if (ended) told.gaps.push((performance.now() - ended) / 1000);
  });
  await new Promise((done) => {
    for (const how of ["end", "fail"]) {
      telling.addEventListener(how, () => done((told.how = how)));
    }
    telling.tell(playlist);
  });
  return told;
}"""
KEPT = """
from learning.models import Page
from learning.voice import STAND_IN, Passage
passage = Passage(Page.objects.get(pk={pk}).text, "storytelling")
print([STAND_IN.kept(passage, "json", part) is not None for part in (None, 0, 1)])
"""
NEW = """
from pathlib import Path
from tests import books
first = ("A goose flies home. It is old and tired.", "Un ganso vuelve a casa.")
books.load(Path({folder!r}), "goose", pages=(first, *books.PAGES[1:]))
"""
NO_OGG = "HTMLMediaElement.prototype.canPlayType = (type) => (type.includes('ogg') ? '' : 'maybe')"


@pytest.fixture
def page(browser: Browser, cotorra: Cotorra, visit: Visit, tmp_path: Path) -> Page:
    cotorra.ask(LOAD.format(folder=str(tmp_path)))
    return visit(browser, BOOK)


def tell(page: Page, playlist: str) -> dict[str, Any]:
    told: dict[str, Any] = page.evaluate(TELL, playlist)
    return told


def test_sentences_sound_one_after_another_and_their_words_light_up(page: Page) -> None:
    pk = page.locator("[data-page]").first.get_attribute("data-page")
    told = tell(page, f"/voz/libro/{pk}/storytelling/normal/frases.json")
    assert told["how"] == "end"
    said = "Ana has a red kite She runs and runs in the park".split()
    assert [word for word in told["words"] if word in said] == said
    assert told["gaps"] and max(told["gaps"]) < MOST_BETWEEN_S


def test_what_is_not_there_fails(page: Page) -> None:
    assert tell(page, "/salud")["how"] == "fail"  # no playlist


def sounds(page: Page) -> list[str]:
    """The addresses of sounds that will be asked for, as they come."""
    page.wait_for_load_state("networkidle")  # of what was asked for ahead
    asked: list[str] = []

    def note(request: Request) -> None:
        if "/voz/" in request.url and not request.url.endswith(".json"):
            asked.append(request.url)

    page.on("request", note)
    return asked


def heard(page: Page) -> str:
    """The words that were lit so far."""
    return " ".join(text for text, _ in page.evaluate("lit"))


def test_a_page_not_made_yet_begins_with_its_first_sentence(
    browser: Browser, cotorra: Cotorra, visit: Visit, tmp_path: Path
) -> None:
    cotorra.ask(NEW.format(folder=str(tmp_path)))  # nobody heard this before
    page = visit(browser, "/estanteria/goose/")
    held: list[Route] = []
    second = re.compile(r"/normal/1\.\w+$")  # of its sentences, which takes long to make
    page.route(second, lambda route: held.append(route))
    asked = sounds(page)
    with page.expect_response(re.compile(r"/normal/0\.ogg$")):  # before anybody goes on
        page.reload()
    page.evaluate(FOLLOW)
    page.locator("[data-next]").click()
    here = page.locator("[data-current]")
    wait_until(lambda: heard(page) == "A goose flies home", "the first sentence is not heard")
    expect(here.locator("[data-lit]")).to_have_count(0)
    pk = here.get_attribute("data-page")
    assert cotorra.ask(KEPT.format(pk=pk)) == "[False, True, False]"
    expect(here.locator("[data-playing]")).to_have_text("🔊 Escuchar")  # it goes on
    assert heard(page) == "A goose flies home"
    for route in held:
        route.continue_()
    expect(page.locator("[data-playing]")).to_have_count(0, timeout=20_000)
    assert heard(page) == "A goose flies home It is old and tired"
    following = f"/{page.locator('[data-page]').nth(1).get_attribute('data-page')}/"
    mine, ahead = ([url for url in asked if (following in url) is after] for after in (False, True))
    assert [url.rpartition("/")[2] for url in mine] == ["0.ogg", "1.ogg"]
    assert [url.rpartition("/")[2] for url in ahead] == ["0.ogg"]


def test_a_voice_stops_and_begins_anew(page: Page) -> None:
    held: list[Route] = []
    page.locator("[data-next]").click()
    here = page.locator("[data-current]")
    listen = here.get_by_role("button", name="Escuchar")
    slowly = here.get_by_role("button", name="Despacio")
    lit = here.locator("[data-lit]")
    expect(lit).to_have_count(1)
    listen.click()
    expect(here.locator("[data-lit], [data-playing]")).to_have_count(0)
    page.evaluate(FOLLOW)
    listen.click()
    expect(lit).to_have_count(1)
    assert heard(page).startswith("Ana")
    slowly.click()
    expect(page.locator("[data-playing]")).to_have_text("🐢 Despacio")
    expect(lit).to_have_count(1)
    assert heard(page).count("Ana") == 2
    page.route(re.compile(r"/frases\.json$"), lambda route: held.append(route))
    page.locator("[data-next]").click()
    expect(page.locator("[data-lit]")).to_have_count(0)
    expect(here.locator("[data-playing]")).to_have_text("🐢 Despacio")  # it waits
    page.locator("[data-prev]").click()
    expect(here.locator("[data-playing]")).to_have_text("🐢 Despacio")
    _left, wanted = held
    wanted.continue_()
    expect(lit).to_have_count(1)


def test_what_cannot_be_heard_is_told(page: Page) -> None:
    page.route(
        re.compile(r"/normal/0\.ogg$"),
        lambda route: route.fulfill(content_type="audio/ogg", body="no sound"),
    )
    page.reload()
    page.locator("[data-next]").click()
    trouble = page.get_by_role("status").filter(has_text="Ahora no podemos reproducir esta voz")
    expect(trouble).to_be_visible()
    expect(page.locator("[data-playing]")).to_have_count(0)


def test_a_browser_without_ogg_is_given_mp3(page: Page) -> None:
    page.add_init_script(NO_OGG)
    asked = sounds(page)
    page.reload()
    page.locator("[data-next]").click()
    here = page.locator("[data-current]")
    expect(here.locator("[data-lit]")).to_have_count(1)
    expect(page.locator("[data-playing]")).to_have_count(0, timeout=20_000)
    here.get_by_text("kite", exact=True).click()
    here.locator("[data-gloss]").get_by_role("button").click()
    expect(here.locator("[data-gloss] [data-playing]")).to_have_count(1)
    expect(page.locator("[data-playing]")).to_have_count(0)
    assert [url.rpartition("/")[2] for url in asked] == [
        *("0.mp3", "1.mp3"),
        "0.mp3",  # of the next page
        "normal.mp3",
    ]


@pytest.mark.parametrize(("way", "asks"), [("con la voz", True), ("con una persona adulta", False)])
def test_only_what_the_voice_will_tell_is_asked_for_ahead(page: Page, way: str, asks: bool) -> None:
    page.get_by_label(f"Por turnos, {way}").check()
    asked = sounds(page)
    page.reload()  # the way is kept
    page.wait_for_load_state("networkidle")
    assert bool(asked) is asks
