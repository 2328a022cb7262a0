"""A family signs up, adds a child, and hands the phone over."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Cotorra, Visit
from tests.browser.test_pages import SIDEWAYS

PASSWORD = "cuatro loros verdes"
OUTSIDE = ["/cuenta/nueva/", "/cuenta/entrar/", "/cuenta/clave/olvidada/", "/cuenta/correo/"]
INSIDE = ["/familia/", "/familia/perfil/", "/cuenta/clave/", "/cuenta/borrar/", "/quien-aprende/"]
SMALL = """() => [...document.querySelectorAll("button, summary, .button, .chip, .avatar, input")]
  .filter((each) => each.checkVisibility() && each.type !== "hidden")
  .filter((each) => !["checkbox", "radio"].includes(each.type))
  .map((each) => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
  .filter(([, box]) => box.bottom > 0 && (box.width < 44 || box.height < 44))
  .map(([html]) => html)"""


def sign_up(page: Page, cotorra: Cotorra, email: str) -> None:
    """By keyboard alone."""
    page.goto(f"{cotorra.url}/cuenta/nueva/")
    page.get_by_label("Correo electrónico").focus()
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="¿Quién va a aprender?")).to_be_visible()


def look(page: Page, name: str) -> None:
    """A picture for who wants to see: COTORRA_PICTURES is a folder."""
    if folder := os.environ.get("COTORRA_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_family_by_keyboard_on_a_phone(
    browser: Browser, visit: Visit, cotorra: Cotorra, theme: str
) -> None:
    page = visit(browser, color_scheme=theme)
    for path in OUTSIDE:
        page.goto(cotorra.url + path)
        assert page.evaluate(SIDEWAYS) <= 0, path
        assert page.evaluate(SMALL) == [], path
        look(page, f"{theme}-{path.strip('/').replace('/', '-')}")
    sign_up(page, cotorra, f"{theme}@example.es")

    # A child, by name and picture
    page.get_by_label("Nombre o apodo").focus()
    page.keyboard.type("Lucía")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="zorro")).to_be_checked()
    look(page, f"{theme}-profile")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Lucía")
    for path in INSIDE:
        page.goto(cotorra.url + path)
        assert page.evaluate(SIDEWAYS) <= 0, path
        assert page.evaluate(SMALL) == [], path
        look(page, f"{theme}-{path.strip('/').replace('/', '-')}")

    # She picks herself; without a permission to be heard she goes on all the same
    page.get_by_role("button", name="Lucía").focus()
    page.keyboard.press("Enter")
    look(page, f"{theme}-permission")
    page.get_by_role("link", name="Seguir sin micrófono").click()
    chip = page.get_by_role("link", name=re.compile("Habla: Lucía"))
    expect(chip).to_contain_text("🦊")
    assert page.evaluate(SIDEWAYS) <= 0
    look(page, f"{theme}-home")

    # The grown-up's area is shut for her
    page.goto(f"{cotorra.url}/familia/")
    expect(page.get_by_role("heading", name="Solo para personas adultas")).to_be_visible()
    look(page, f"{theme}-door")
    page.get_by_label("Tu contraseña").fill("loro")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Tu contraseña")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Tu contraseña").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Borrar Lucía").click()
    look(page, f"{theme}-delete")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Borrarlo todo").click()
    expect(page.get_by_text("Todavía no hay nadie")).to_be_visible()
    page.get_by_role("button", name="Salir de la cuenta").click()
    expect(page.get_by_role("link", name="Entrar")).to_be_visible()
