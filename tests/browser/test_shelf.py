"""The shelf in a real browser: a book is listened to word by word, and read in turns."""

import itertools
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from tests.browser.conftest import Cotorra, Visit
from tests.browser.test_axe import CALM, faults
from tests.browser.test_recording import colours

BOOK = "/estanteria/my-book/"
LOAD = """
from pathlib import Path
from tests import books
books.load(Path({folder!r}), "my-book", pages=books.spoken())
"""
PUBLISH = """
from learning.models import Book
Book.objects.filter(slug="my-book").update(published={0})
"""
# What is lit, and when by the clock of the page.
FOLLOW = """() => {
  window.lit = [];
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      if (target.hasAttribute("data-lit")) lit.push([target.textContent, performance.now() / 1000]);
    }
  }).observe(document.body, { subtree: true, attributeFilter: ["data-lit"] });
}"""
LATE_S = 0.15  # a busy machine; a frame is 0.017


@pytest.fixture(scope="module")
def book(cotorra: Cotorra, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book whose second page is what the microphone hears."""
    folder = tmp_path_factory.mktemp("libros")
    cotorra.ask(LOAD.format(folder=str(folder)))
    return folder


@pytest.fixture
def take_back(cotorra: Cotorra, book: Path) -> Iterator[Callable[[], str]]:
    """Takes the book off the shelf for the rest of the test."""
    yield lambda: cotorra.ask(PUBLISH.format(False))
    cotorra.ask(PUBLISH.format(True))


def page_of(answer: Response) -> str:
    """The page that an answer to `leido` is about."""
    found = re.search(r'name="page"\s+(\d+)', answer.request.post_data or "")
    return found[1] if found else ""


def go_on(page: Page) -> None:
    page.locator("[data-next]").click()


def expect_page(page: Page, number: int) -> None:
    expect(page.locator("[data-current]")).to_have_attribute("data-number", str(number))


def test_a_book_is_listened_to_and_its_words_light_up_in_time(
    browser: Browser, visit: Visit, book: Path, cotorra: Cotorra
) -> None:
    page = visit(browser, BOOK)
    page.evaluate(FOLLOW)
    go_on(page)
    here = page.locator("[data-current]")
    expect(here.locator("[data-lit]")).to_have_count(1)
    expect(here.locator("[data-playing]")).to_have_text("🔊 Escuchar")
    expect(here.locator("[data-playing]")).to_have_count(0, timeout=20_000)
    playlist = here.locator("[data-tell]").first.get_attribute("data-tell")
    lit = iter(page.evaluate("lit"))
    for sentence in page.request.get(f"{cotorra.url}{playlist}").json()["sentences"]:
        told = sentence["words"]
        heard = list(itertools.islice(lit, len(told)))
        assert [text for text, _ in heard] == [word["word"] for word in told]
        late = [
            at - heard[0][1] - word["start_s"] + told[0]["start_s"]
            for (_, at), word in zip(heard, told, strict=True)
        ]
        assert max(map(abs, late)) < LATE_S
    assert list(lit) == []
    # The page that is turned to is told by itself, as slowly as the last one.
    here.get_by_role("button", name="Despacio").click()
    expect(here.locator("[data-lit]")).to_have_count(1)
    go_on(page)
    expect_page(page, 2)
    expect(page.locator("[data-playing]")).to_have_text("🐢 Despacio")
    page.reload()  # the page is remembered, of somebody unknown too
    page.goto(cotorra.url + BOOK)
    expect(page.get_by_role("link", name="Seguir")).to_have_attribute(
        "href", re.compile("#pagina-2$")
    )
    page.goto(f"{cotorra.url}/estanteria/")
    expect(page.locator(f"[href='{BOOK}']")).to_contain_text("Página 2 de 6")


def test_a_book_that_was_taken_back_says_so(
    browser: Browser, visit: Visit, take_back: Callable[[], str]
) -> None:
    page = visit(browser, BOOK, forgiven=("status of 404",), **CALM)
    go_on(page)
    expect(page.locator("[data-playing]")).to_have_count(1)
    take_back()
    go_on(page)
    expect_page(page, 2)
    trouble = page.get_by_role("status").filter(has_text="Este cuento ya no está en la estantería.")
    expect(trouble).to_be_visible()
    expect(page.locator("[data-playing]")).to_have_count(0)
    go_on(page)
    expect_page(page, 3)
    expect(trouble).to_be_visible()
    assert faults(page) == []
    page.get_by_role("link", name="Ir a la estantería").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("La estantería")


def test_in_turns_too_a_book_that_was_taken_back_says_so(
    browser: Browser, visit: Visit, take_back: Callable[[], str]
) -> None:
    page = visit(browser, BOOK, forgiven=("status of 404",))
    page.get_by_label("Por turnos, con una persona adulta").check()
    go_on(page)
    take_back()
    go_on(page)
    expect_page(page, 2)
    expect(page.get_by_text("Este cuento ya no está en la estantería.")).to_be_visible()
    expect(page.locator("[data-record]")).to_be_hidden()


def test_a_word_tells_what_it_means_by_tap_and_by_keyboard(
    browser: Browser, visit: Visit, book: Path
) -> None:
    page = visit(browser, f"{BOOK}#pagina-1", viewport={"width": 390, "height": 844})
    here = page.locator("[data-current]")
    gloss = here.locator("[data-gloss]")
    here.get_by_text("kite", exact=True).click()
    expect(gloss).to_contain_text("en español kite")
    first = here.locator("[tabindex='0']").filter(has_text="kite")
    expect(first).to_have_count(1)
    page.keyboard.press("ArrowRight")
    expect(page.locator(":focus")).to_have_text("She")
    page.keyboard.press("Enter")
    expect(gloss).to_contain_text("en español she")
    page.keyboard.press("Home")
    expect(page.locator(":focus")).to_have_text("has")
    gloss.get_by_role("button", name="Escuchar").click()
    expect(gloss.locator("[data-playing]")).to_have_count(1)
    expect(here.get_by_text("Ana tiene una cometa roja.")).to_be_hidden()
    here.get_by_text("Ver en español").click()
    expect(here.get_by_text("Ana tiene una cometa roja.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_page_is_read_in_turns_and_answered(
    listening: Browser, visit: Visit, book: Path, cotorra: Cotorra
) -> None:
    page = visit(listening, BOOK, who="adult", **CALM)
    page.get_by_label("Por turnos, con la voz").check()
    go_on(page)
    here = page.locator("[data-current]")
    expect(here.locator("[data-turn]")).to_have_text("Página de la voz")
    expect(page.locator("[data-record]")).to_be_hidden()
    go_on(page)
    expect(here.locator("[data-turn]")).to_have_text("Tu página")
    expect(page.get_by_role("status").filter(has_text="Pulsa el micrófono")).to_be_visible()
    expect(page.locator("[data-playing]")).to_have_count(0)
    page.get_by_role("button", name="Grabar").click()
    colours(page)
    said = here.locator("[data-summary-text]").inner_text()
    assert "nada que corregir" in said
    expect(page.locator("[data-status]")).to_have_text(said)
    assert here.locator(".tip").count() <= 1
    assert faults(page) == []
    for number in range(3, 7):
        go_on(page)
        expect_page(page, number)
    with page.expect_response(lambda answer: page_of(answer) == "6"):
        go_on(page)
    expect(page.get_by_text("Has leído una página en voz alta.")).to_be_visible()
    page.get_by_role("link", name="Otro cuento").click()
    expect(page.locator(f"[href='{BOOK}']")).to_contain_text("Leído")
    # The next time the turns are the other way round.
    page.goto(cotorra.url + BOOK)
    go_on(page)
    expect(here.locator("[data-turn]")).to_have_text("Tu página")


def test_with_a_parent_the_voice_keeps_silent(browser: Browser, visit: Visit, book: Path) -> None:
    page = visit(browser, BOOK)
    page.get_by_label("Por turnos, con una persona adulta").check()
    go_on(page)
    expect(page.get_by_role("status").filter(has_text="la lee la persona adulta")).to_be_visible()
    page.wait_for_timeout(500)
    expect(page.locator("[data-playing]")).to_have_count(0)
    page.locator("[data-current]").get_by_role("button", name="Escuchar").first.click()
    expect(page.locator("[data-lit]")).to_have_count(1)
    page.keyboard.press("ArrowRight")
    expect_page(page, 2)
    page.get_by_role("button", name="Grabar").click()  # first, who speaks
    page.locator("button[value=adult]").click()
    expect_page(page, 2)
    expect(page.locator("[data-current] [data-turn]")).to_have_text("Tu página")


def test_the_shelf_by_the_rules(
    browser: Browser, visit: Visit, book: Path, cotorra: Cotorra
) -> None:
    page = visit(browser, "/estanteria/", **CALM)
    assert faults(page) == []
    page.goto(cotorra.url + BOOK)
    assert faults(page) == []
    page.get_by_label("Por turnos, con una persona adulta").check()
    go_on(page)
    page.locator("[data-current] [data-meaning]").first.click()
    assert faults(page) == []
    go_on(page)
    expect(page.locator("[data-record]")).to_be_visible()
    assert faults(page) == []
    page.goto(f"{cotorra.url}{BOOK}#fin")
    assert faults(page) == []
