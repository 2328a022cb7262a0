"""Whatever keeps a learner from recording is explained, and there is always a way on."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests import voices
from tests.browser.conftest import LESSON, OTHER_NAME, Cotorra, Visit
from tests.browser.driver import FAKE_MICROPHONE, PERMITTED, open_browser, write_wav

EXERCISE = f"{LESSON}#ejercicio-1"
BROKEN = """(name) => {
  navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("", name); };
}"""
UNANSWERED = "() => { navigator.mediaDevices.getUserMedia = () => new Promise(() => {}); }"
KEEP_STREAM = """() => {
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => (window.stream = await ask(wanted));
}"""


def record(page: Page) -> None:
    page.get_by_role("button", name="Grabar").click()


def explanation(page: Page, title: str | re.Pattern[str]) -> None:
    """The title in the status line, a text, and a button that leads on."""
    expect(page.get_by_role("status")).to_contain_text(title)
    expect(page.locator("[data-notice] p")).not_to_be_empty()
    expect(page.locator("[data-notice] button")).to_be_enabled()
    expect(page.locator("[data-record]")).to_be_enabled()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_without_a_microphone_it_says_so(browser: Browser, visit: Visit, cotorra: Cotorra) -> None:
    page = visit(browser, EXERCISE, who="adult")
    page.context.grant_permissions(["microphone"], origin=cotorra.url)
    record(page)
    explanation(page, "No encontramos ningún micrófono")


def test_a_denied_permission_says_how_to_give_it_and_notices_when_it_is_given(
    playwright: Playwright, visit: Visit, cotorra: Cotorra
) -> None:
    with open_browser(playwright, *FAKE_MICROPHONE) as browser:
        page = visit(browser, EXERCISE, who="adult")
        record(page)
        explanation(page, "Falta permiso")
        expect(page.get_by_text("toca el candado")).to_be_visible()
        page.context.grant_permissions(["microphone"], origin=cotorra.url)
        expect(page.get_by_role("status")).to_have_text("Gracias. Ya puedes grabar.")
        page.wait_for_timeout(500)  # sooner it would be a double click
        record(page)
        expect(page.get_by_role("button", name="Parar")).to_be_visible()
        page.context.close()


def test_an_insecure_address_is_named(browser: Browser, visit: Visit, cotorra: Cotorra) -> None:
    address = cotorra.url.replace("127.0.0.1", OTHER_NAME)
    page = visit(browser, EXERCISE, who="adult", origin=address)
    record(page)
    explanation(page, "Falta la dirección segura")
    expect(page.get_by_text("https://")).to_be_visible()


@pytest.mark.parametrize("lacking", ["AudioWorkletNode", "AudioContext", "WebSocket"])
def test_a_browser_that_cannot_record_is_told_which_can(
    browser: Browser, visit: Visit, lacking: str
) -> None:
    page = visit(browser, EXERCISE, who="adult")
    page.evaluate(f"delete window.{lacking}")
    record(page)
    explanation(page, "Este navegador no puede grabar")


@pytest.mark.parametrize(
    ("name", "title"),
    [("NotReadableError", "El micrófono está ocupado"), ("Odd", "Este navegador no puede grabar")],
)
def test_what_the_browser_refuses_is_put_in_plain_words(
    browser: Browser, visit: Visit, name: str, title: str
) -> None:
    page = visit(browser, EXERCISE, who="adult")
    page.evaluate(BROKEN, name)
    record(page)
    explanation(page, title)


def test_a_microphone_pulled_out_mid_take_is_noticed(listening: Browser, visit: Visit) -> None:
    page = visit(listening, EXERCISE, who="adult")
    page.evaluate(KEEP_STREAM)
    record(page)
    expect(page.get_by_role("button", name="Parar")).to_be_visible()
    page.evaluate("stream.getAudioTracks()[0].dispatchEvent(new Event('ended'))")
    explanation(page, "El micrófono se ha desconectado")
    page.locator("[data-notice] button").click()
    expect(page.get_by_role("button", name="Parar")).to_be_visible()


def test_the_microphone_is_given_back_after_every_take(listening: Browser, visit: Visit) -> None:
    page = visit(listening, EXERCISE, who="adult")
    page.evaluate(KEEP_STREAM)
    record(page)
    page.wait_for_timeout(800)
    page.get_by_role("button", name="Parar").click()
    expect(page.locator("[data-recorder]")).not_to_have_attribute("data-state", "recording")
    assert page.evaluate("stream.getTracks().map((track) => track.readyState)") == ["ended"]


def test_a_question_for_permission_can_be_left_unanswered(browser: Browser, visit: Visit) -> None:
    page = visit(browser, EXERCISE, who="adult")
    page.evaluate(UNANSWERED)
    record(page)
    expect(page.get_by_role("status")).to_have_text("Deja que el navegador use el micrófono.")
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Cancelar").click()
    expect(page.get_by_role("button", name="Grabar")).to_be_visible()


def test_silence_is_answered_with_what_to_do(
    playwright: Playwright, visit: Visit, tmp_path: Path
) -> None:
    silent = write_wav(tmp_path / "silence.wav", voices.silence(20))
    with open_browser(playwright, *PERMITTED, microphone=silent) as browser:
        page = visit(browser, EXERCISE, who="adult")
        record(page)
        expect(page.get_by_role("status")).to_contain_text("No te oigo", timeout=8000)
        page.get_by_role("button", name="Parar").click()
        explanation(page, re.compile("Casi no te oigo|No te he oído"))
        page.context.close()


def test_before_the_first_recording_it_asks_who_speaks_and_comes_back(
    listening: Browser, visit: Visit, cotorra: Cotorra
) -> None:
    page = visit(listening, EXERCISE)
    record(page)
    expect(page.get_by_role("heading", name="¿Quién va a hablar?")).to_be_visible()
    page.get_by_role("button", name="Una niña o un niño").click()
    expect(page.get_by_role("heading", name="Llama a una persona adulta")).to_be_visible()
    page.get_by_label("¿Cuánto es").fill("1")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Doy mi permiso").click()
    expect(page.get_by_text("No es correcto")).to_be_visible()
    question = page.locator("label", has_text="¿Cuánto es").inner_text()
    a, b = map(int, re.findall(r"\d+", question))
    page.get_by_label("¿Cuánto es").fill(str(a * b))
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Doy mi permiso").click()
    expect(page).to_have_url(cotorra.url + EXERCISE)
    record(page)
    expect(page.get_by_role("button", name="Parar")).to_be_visible()
