"""A page of a book told sentence by sentence, in a real browser."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Cotorra, Visit
from tests.browser.test_shelf import BOOK, LOAD

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
