"""The preference study in a real browser: by keyboard, on a phone, and its results in admin."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.keyboard import Keyboard
from tests.browser.test_axe import CALM, STAFF, faults, violations
from tests.site import Site

OPEN = """
from pathlib import Path
from tests.preference import study
study.bundle(Path({folder!r}))
study.readings()
"""
VOTES = f"""
from accounts.models import User
from tests.preference import study
User.objects.create_superuser({STAFF!r}, password={STAFF!r})
pairs = [("storytelling", "neutral"), ("storytelling", "fallback"), ("neutral", "fallback")]
for number in range(100, 121):
    chosen = {{}}
    for at, pair in enumerate(map(frozenset, pairs)):
        left, right = pairs[at]
        chosen[pair] = [left, left, right if number % (2 + at) else left, ""]
    study.voted(number, chosen)
"""


@dataclass
class Study:
    """An installation of its own, since it is the only one with a bundle to be seen."""

    site: Site
    folder: Path
    url: str

    def open(self) -> None:
        self.site.manage("shell", "--no-imports", "-c", OPEN.format(folder=str(self.folder)))


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Study]:
    folder = tmp_path_factory.mktemp("narrator")
    environment = {"REDIS_URL": "", "DATABASE_URL": "", "DEBUG": "", "NARRATOR_BUNDLE": str(folder)}
    site = Site(tmp_path_factory.mktemp("estudio"), **environment)
    site.manage("migrate", "--verbosity", "0")
    site.manage("collectstatic", "--noinput", "--verbosity", "0")
    yield Study(site, folder, site.one_process().url)
    site.close()


def begin(page: Page) -> None:
    """Answer as an adult does, by keyboard."""
    keys = Keyboard(page)
    factors = re.findall(r"\d+", page.locator("label[for=id_answer]").inner_text())
    keys.reach("#id_answer")
    page.keyboard.type(str(int(factors[0]) * int(factors[1])))
    keys.reach("#id_agree")
    keys.press("Space")
    keys.reach("main button")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Pareja 1 de 12")


def side(page: Page, name: str) -> Locator:
    return page.locator("[data-play]", has_text=f"Escuchar {name}")


def test_a_study_by_keyboard_on_a_phone(browser: Browser, visit: Visit, study: Study) -> None:
    page = visit(browser, "/estudio/", origin=study.url, **CALM)
    expect(page.get_by_role("heading", name="Todavía no se puede votar")).to_be_visible()
    found = faults(page)
    study.open()
    page.reload()
    found += faults(page)
    begin(page)
    votes = page.locator("[data-vote]")
    expect(side(page, "A")).to_be_focused()
    expect(votes).to_have_count(3)
    for vote in votes.all():
        expect(vote).to_be_disabled()
    found += faults(page)
    keys = Keyboard(page)
    keys.press("Enter")
    expect(side(page, "A")).to_contain_text("(ya escuchada)")
    expect(page.get_by_role("status")).to_have_text("Ahora escucha la B hasta el final.")
    expect(votes.first).to_be_disabled()
    keys.press("Tab", "Enter")
    expect(page.get_by_role("status")).to_contain_text("Ya puedes elegir")
    expect(side(page, "B")).to_be_focused()
    keys.press("Enter")  # once more
    expect(side(page, "B")).to_have_attribute("data-playing", "")
    expect(page.locator("[data-playing]")).to_have_count(0)
    found += faults(page)
    keys.reach("[data-vote]")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Pareja 2 de 12")
    page.goto(f"{study.url}/estudio/")
    expect(page.get_by_text("Te quedan 11 parejas de 12.")).to_be_visible()
    found += faults(page)
    page.get_by_role("link", name="Seguir").click()
    for number in range(2, 13):
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Pareja {number} de 12")
        page.get_by_role("button", name="Saltar esta pareja").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("¡Muchas gracias!")
    found += faults(page)  # which opens what is folded
    page.get_by_role("button", name="Borrar mis votos").click()
    expect(page.get_by_role("status")).to_contain_text("hemos borrado tus votos")
    assert found == []


def test_what_did_not_sound_to_the_end_was_not_heard(
    browser: Browser, visit: Visit, study: Study
) -> None:
    study.open()
    page = visit(browser, "/estudio/", origin=study.url, **CALM)
    begin(page)
    expect(page.locator("[data-vote]").first).to_be_disabled()  # the script is there
    page.evaluate("document.querySelectorAll('[data-play]').forEach((each) => each.click())")
    told = page.get_by_role("status")
    expect(told).to_have_text("La A no ha sonado entera. Escúchala hasta el final.")
    expect(told).to_have_text("Ahora escucha la A hasta el final.")
    page.route("**/estudio/sonido/**", lambda asked: asked.fulfill(body="no sound"))
    side(page, "A").click()
    expect(told).to_contain_text("Ahora no podemos reproducir esta voz.")
    expect(page.locator("[data-vote]").first).to_be_disabled()
    page.unroute("**/estudio/sonido/**")
    side(page, "A").click()
    expect(told).to_contain_text("Ya puedes elegir.")


def test_without_scripts_there_is_nothing_to_press(
    browser: Browser, visit: Visit, study: Study
) -> None:
    study.open()
    page = visit(browser, "/estudio/", origin=study.url, java_script_enabled=False)
    factors = re.findall(r"\d+", page.locator("label[for=id_answer]").inner_text())
    page.locator("#id_answer").fill(str(int(factors[0]) * int(factors[1])))
    page.locator("#id_agree").check()
    page.get_by_role("button", name="Empezar").click()
    expect(page.get_by_text("hace falta JavaScript")).to_be_visible()
    assert not any(button.is_visible() for button in page.locator("main button").all())
    page.get_by_role("link", name="Parar y seguir otro día").click()
    expect(page.get_by_text("Te quedan 12 parejas de 12.")).to_be_visible()


def test_the_results_in_admin(browser: Browser, visit: Visit, study: Study) -> None:
    study.site.manage("shell", "--no-imports", "-c", VOTES)
    page = visit(browser, "/admin/login/", origin=study.url, **CALM)
    page.locator("[name=username]").fill(STAFF)
    page.locator("[name=password]").fill(STAFF)
    page.keyboard.press("Enter")
    expect(page.locator("#user-tools")).to_be_visible()
    page.goto(f"{study.url}/admin/learning/trial/")
    page.get_by_role("link", name="Resultados").click()
    expect(page.get_by_role("img", name="Votos de cada pareja de voces")).to_be_visible()
    expect(page.get_by_text("Personas: 21.")).to_be_visible()
    assert violations(page) == []
