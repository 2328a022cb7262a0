"""The interface in another language, scripts and sockets too."""

from playwright.sync_api import Browser, expect

from tests.browser.conftest import LESSON, Visit


def test_english_is_chosen_at_the_foot_and_scripts_speak_it(browser: Browser, visit: Visit) -> None:
    page = visit(browser, "/", who="adult", locale="es-AR")
    expect(page.locator("html")).to_have_attribute("lang", "es-mx")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.goto(page.url.rstrip("/") + f"{LESSON}#ejercicio-1")
    expect(page.locator("[data-where]")).to_have_text("Exercise 1 of 2")
    expect(page.get_by_role("status")).to_have_text("Press the microphone and read aloud.")
    page.get_by_role("button", name="Record").click()
    expect(page.locator("[data-notice] button")).to_have_text("Try again")
