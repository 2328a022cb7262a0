"""Every type of exercise, answered in a real browser by keyboard alone."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Cotorra, Visit
from tests.browser.keyboard import Keyboard

SIDEWAYS = "document.documentElement.scrollWidth - window.innerWidth"
RIGHT: dict[str, Callable[[Keyboard], None]] = {
    "listen_choose": lambda keys: keys.choose("sheep"),
    "picture_match": lambda keys: keys.join([("cat", "cat"), ("dog", "dog"), ("sun", "sun")]),
    "choose": lambda keys: keys.choose("I see a dog."),
    "order": lambda keys: keys.lay(["I", "see", "a cat"]),
    "gap": lambda keys: keys.write("cat"),
    "transform": lambda keys: keys.write("is it a cat"),
    "dictation": lambda keys: keys.write("the sun adn a dog"),
    "true_false": lambda keys: keys.choose("false"),
    "dialogue": lambda keys: keys.choose("Yes, a cat."),
}

# Which syllables are lit, whenever that changes.
LIT = """() => {
  window.lit = [];
  new MutationObserver(() => {
    const playing = document.querySelectorAll(".syllable-button[data-playing] [lang]");
    lit.push([...playing].map((each) => each.textContent).join(" "));
  }).observe(document.body, { subtree: true, attributeFilter: ["data-playing"] });
}"""


def status(page: Page) -> str:
    return page.locator("[data-speech]").inner_text()


def test_every_type_by_keyboard_alone(
    listening: Browser, visit: Visit, course: Path, cotorra: Cotorra
) -> None:
    page = visit(listening, "/jugar/leccion/", who="adult", reduced_motion="reduce")
    keys, seen = Keyboard(page), []
    while page.locator("[data-current]").count():
        kind = keys.kind
        if kind in seen:  # said badly: it would come once more
            keys.reach("[data-quiet]")
            keys.press("Enter")
            break
        seen.append(kind)
        expect(page.locator("[data-current] h2")).to_be_focused()
        number = page.locator("[data-current]").get_attribute("data-question")
        if kind in RIGHT:
            RIGHT[kind](keys)
            keys.submit()
            assert page.locator("[data-current] .answer.right").count() == 1, kind
        else:
            keys.say()
        assert page.evaluate(SIDEWAYS) <= 0, kind
        keys.go_on()
        if kind == "dialogue":  # chosen, then said
            expect(page.locator("[data-record]")).to_be_focused()
            keys.say()
            keys.go_on()
        expect(page.locator(f"[data-current][data-question='{number}']")).to_have_count(0)
    assert {*seen} == {*RIGHT, "listen_say", "see_say", "say_slowly"}
    expect(page.locator("[data-summary] h2")).to_be_focused()


def test_what_was_wrong_is_explained_comes_again_and_survives_a_reload(
    browser: Browser, visit: Visit, course: Path
) -> None:
    page = visit(browser, "/jugar/leccion/", who="adult")
    keys = Keyboard(page)
    keys.reach("[data-quiet]")
    keys.press("Enter")
    expect(page.locator("[data-current]")).to_have_attribute("data-kind", "listen_choose")
    keys.reach("[data-go]")
    keys.press("Enter")  # nothing chosen
    assert status(page) == "Todavía no has contestado."
    keys.choose("ship")
    keys.submit()
    expect(page.locator(".answer.wrong")).to_contain_text("Dura más.")
    assert status(page).startswith("Todavía no.")
    keys.go_on()
    # Undo and clear, where there is something to undo.
    keys.join([("cat", "dog"), ("dog", "cat")])
    page.get_by_role("button", name="Deshacer").press("Enter")
    expect(page.locator("button[data-joined]")).to_have_count(2)
    page.get_by_role("button", name="Borrar todo").press("Enter")
    expect(page.locator("button[data-joined]")).to_have_count(0)
    RIGHT["picture_match"](keys)
    keys.submit()
    # Leaving loses nothing.
    page.reload()
    expect(page.locator("[data-count]")).to_have_text("1 / 9")
    while keys.kind != "listen_choose":
        RIGHT[keys.kind](keys)
        keys.submit()
        keys.go_on()
        if keys.kind == "dialogue":
            keys.go_on()
    expect(page.locator("[data-count]")).to_have_text("8 / 9")
    RIGHT["listen_choose"](keys)
    keys.submit()
    keys.go_on()
    expect(page.locator("[data-summary]")).to_contain_text("Has acertado 8 de 9 a la primera.")
    expect(page.locator("[data-summary]")).to_contain_text("Las dos íes")


def test_an_answer_that_cannot_be_sent_is_still_there(
    browser: Browser, visit: Visit, course: Path
) -> None:
    page = visit(browser, "/jugar/uno-quiz/", who="adult")
    page.route("**/respuesta/", lambda route: route.fulfill(status=422, body="!"))
    keys = Keyboard(page)
    answer = RIGHT["order"] if keys.kind == "order" else lambda keys: keys.write("see")
    answer(keys)
    keys.reach("[data-go]")
    keys.press("Enter")
    expect(page.locator("[data-speech]")).to_contain_text("No hemos podido enviar tu respuesta.")
    page.unroute("**/respuesta/")
    keys.submit()
    expect(page.locator(".answer.right")).to_be_visible()


def test_syllables_are_heard_one_by_one_and_one_after_another(
    browser: Browser, visit: Visit, course: Path
) -> None:
    page = visit(browser, "/jugar/leccion/", who="adult")
    slow = page.locator("[data-kind=say_slowly]")
    page.goto(f"{page.url}#ejercicio-{slow.get_attribute('data-question')}")
    page.reload()
    keys = Keyboard(page)
    assert keys.kind == "say_slowly"
    page.evaluate(LIT)
    for syllable in ("hap", "py"):
        keys.reach("[data-current] .syllable-button", f"Escuchar: {syllable}")
        keys.press("Enter")
        expect(page.locator("[data-current] [data-playing]")).to_have_count(1)
        expect(page.locator("[data-playing]")).to_have_count(0)
    keys.reach("[data-current] [data-first]")
    keys.press("Enter")
    expect(page.locator("[data-playing][data-first]")).to_be_visible()
    expect(page.locator("[data-playing]")).to_have_count(0)
    assert page.evaluate("lit") == ["hap", "", "py", "", "hap", "py", "hap py", ""]
