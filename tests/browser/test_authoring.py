"""An author at admin, at a desk and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import Cotorra, Visit
from tests.browser.test_pages import SIDEWAYS

ADMIN = "/admin/learning"
WRITE = """
from django.contrib.auth.models import Group
from accounts.models import User
from learning.models import Exercise, Word
user, made = User.objects.get_or_create(username="autora", defaults={"is_staff": True})
user.set_password("x")
user.save()
user.groups.add(Group.objects.get(name="Autores"))
kinds = [Exercise.objects.filter(kind=kind).first() for kind in Exercise.Kind.values]
word, spoken = Word.objects.get(key="hello"), Exercise.objects.filter(kind="listen_say").first()
print(word.pk, word.lesson_id, spoken.pk, *[each.pk for each in kinds if each])
"""


@pytest.fixture
def rows(cotorra: Cotorra) -> list[str]:
    """Numbers of a word, its lesson, an exercise that is said, and one of each kind."""
    return cotorra.ask(WRITE).split()


def signed_in(page: Page) -> Page:
    page.get_by_label("Nombre de usuario").fill("autora")
    page.get_by_label("Contraseña").fill("x")
    page.get_by_role("button", name="Iniciar sesión").click()
    return page


def test_an_author_s_pages_fit_a_phone_and_keep_to_the_rules(
    browser: Browser, visit: Visit, cotorra: Cotorra, rows: list[str]
) -> None:
    word, lesson, _, *exercises = rows
    page = signed_in(visit(browser, "/admin/"))
    pages = ["lesson/", f"lesson/{lesson}/change/", f"lesson/{lesson}/revisar/", "lesson/guia/"]
    pages += [f"word/{word}/change/", f"word/{word}/delete/", f"word/{word}/history/"]
    pages += [
        "lesson/voz/",
        "lesson/voz/frase/?text=Ana+flies+20+kites.&style=neutral&speed=normal",
    ]
    pages += ["lesson/importar/", "word/import/", "word/export/", "exercise/add/"]
    pages += [f"exercise/{each}/change/" for each in exercises]
    for path in pages:
        page.goto(f"{cotorra.url}{ADMIN}/{path}")
        assert page.evaluate(SIDEWAYS) <= 0, path


def test_how_a_word_is_said_is_proposed(
    browser: Browser, visit: Visit, cotorra: Cotorra, rows: list[str]
) -> None:
    page = signed_in(visit(browser, f"{ADMIN}/word/{rows[0]}/change/"))
    said = page.locator("#said")
    expect(said).to_contain_text("he·llo")
    page.get_by_label("En inglés:").fill("rabbit")
    page.get_by_role("button", name="Proponer cómo se dice").click()
    expect(said).to_contain_text("/ˈɹæbɪt/")
    page.get_by_label("Otras pronunciaciones que valen:").fill("R QQ")
    page.get_by_role("button", name="Proponer cómo se dice").press("Enter")
    expect(said).to_contain_text("«QQ» no es un sonido")
    page.get_by_label("En inglés:").fill(" ")
    page.get_by_role("button", name="Proponer cómo se dice").click()
    expect(said).to_contain_text("Escribe antes el texto en inglés.")


def test_the_page_of_the_voice_renews_itself(
    browser: Browser, visit: Visit, cotorra: Cotorra, rows: list[str]
) -> None:
    page = signed_in(visit(browser, "/admin/"))
    shown: list[str] = []

    def under_way_at_first(route: Route) -> None:
        answer = route.fetch()
        shown.append(answer.text())
        at_first = (
            '<div id="voice-now" data-under-way' if len(shown) == 1 else '<div id="voice-now"'
        )
        route.fulfill(response=answer, body=shown[-1].replace('<div id="voice-now"', at_first))

    page.route("**/lesson/voz/", under_way_at_first)
    page.goto(f"{cotorra.url}{ADMIN}/lesson/voz/")
    now = page.locator("#voice-now")
    expect(now).to_have_attribute("data-under-way", "")
    expect(now).not_to_have_attribute("data-under-way", "", timeout=60_000)
    assert len(shown) == 2 and page.locator("#voice-now").count() == 1


def test_likely_mistakes_are_shown_beside_a_sentence(
    browser: Browser, visit: Visit, cotorra: Cotorra, rows: list[str]
) -> None:
    page = signed_in(visit(browser, f"{ADMIN}/exercise/{rows[2]}/change/"))
    page.get_by_label("Texto en inglés:").fill("I speak Spanish.")
    page.get_by_role("button", name="Cómo lo diría un hispanohablante").click()
    ways = page.locator("#likely ol > li")
    expect(ways).to_have_count(8, timeout=60_000)
    assert page.locator("#likely mark").count() > 0
