"""Every page by axe-core's rules, in light and dark; large enough for fingers, never sideways."""

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import LESSON, Cotorra, Visit
from tests.browser.keyboard import Keyboard
from tests.browser.test_families import INSIDE, OUTSIDE, SMALL, sign_up
from tests.browser.test_pages import PAGES, SIDEWAYS
from tests.browser.test_player import RIGHT
from tests.browser.test_progress import learnt

ONLY_WRONG = {"resultTypes": ["violations"], "preload": False}
# Another theme has other colours and nothing else: what does not look at them is asked once.
RULES: dict[Literal["light", "dark"], dict[str, object]] = {
    "light": {
        "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        "rules": {"target-size": {"enabled": True}},
        **ONLY_WRONG,
    },
    "dark": {
        "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
        **ONLY_WRONG,
    },
}
VIOLATIONS = """async (rules) => {
  await Promise.all(document.getAnimations().map((each) => each.finished));
  return (await axe.run(rules)).violations.map(({ id, nodes }) => {
    const [{ target, html, failureSummary }] = nodes;
    const why = failureSummary.split("\\n")[1].trim();
    const first = `${target.join(" ")} ${html.slice(0, 160)}`;
    return `${id} at ${nodes.length} places, first ${first}: ${why}`;
  });
}"""
OPEN = "() => document.querySelectorAll('details').forEach((each) => { each.open = true; })"
TURN_TO = """(section) => {
  delete document.querySelector("[data-current]").dataset.current;
  section.dataset.current = "";
}"""
CALM = {"reduced_motion": "reduce"}

LESSONS = ["/leccion/leccion/", "/leccion/uno-quiz/", "/leccion/hola-saludos/"]
PROGRESS = ["/hoy/", "/mi-progreso/", "/mis-sonidos/", "/"]
ADMIN = [
    "",
    "learning/lesson/?q=leccion",
    "learning/lesson/{0}/change/",
    "learning/lesson/{0}/revisar/",
]
ADMIN += ["learning/lesson/guia/", "learning/lesson/importar/"]
ADMIN += ["learning/exercise/{1}/change/", "learning/word/{2}/change/"]
STAFF = "directora"
AUTHOR = f"""
from accounts.models import User
from learning.models import Lesson, Word
User.objects.create_superuser({STAFF!r}, password={STAFF!r})
lesson = Lesson.objects.get(slug="leccion")
print(lesson.pk, lesson.exercises.first().pk, Word.objects.filter(lesson=lesson).first().pk)
"""
ERRORS = """
import json
from django.template.loader import render_to_string
print(json.dumps([render_to_string(each) for each in ("403.html", "403_csrf.html", "500.html")]))
"""


def violations(page: Page) -> list[str]:
    """What is wrong with the page as it is now: rule, place and why."""
    page.evaluate(OPEN)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = ["scrolls sideways"] if page.evaluate(SIDEWAYS) > 0 else []
    for theme, rules in RULES.items():
        page.emulate_media(color_scheme=theme)
        found += [f"{theme}: {violation}" for violation in page.evaluate(VIOLATIONS, rules)]
    return found


def faults(page: Page) -> list[str]:
    """The same, and what is too small for a finger."""
    return violations(page) + [f"too small: {html}" for html in page.evaluate(SMALL)]


def faults_at(
    page: Page,
    cotorra: Cotorra,
    paths: Iterable[str],
    look: Callable[[Page], list[str]] = faults,
) -> list[str]:
    found = []
    for path in paths:
        if "#" in path:  # or nothing is loaded where only the fragment is another
            page.goto("about:blank")
        page.goto(cotorra.url + path)
        found += [f"{path} {fault}" for fault in look(page)]
    return found


def test_pages_of_a_visitor(browser: Browser, visit: Visit, course: Path, cotorra: Cotorra) -> None:
    page = visit(browser, **CALM)
    assert faults_at(page, cotorra, [*PAGES, *LESSONS, *PROGRESS[:2], *OUTSIDE]) == []


def test_pages_of_somebody_who_has_learnt(browser: Browser, visit: Visit, cotorra: Cotorra) -> None:
    page = learnt(visit(browser, who="adult", **CALM), cotorra)
    assert faults_at(page, cotorra, [*PROGRESS, "/mis-datos/", "/hoy/jugar/"]) == []


def test_pages_of_a_family(browser: Browser, visit: Visit, cotorra: Cotorra) -> None:
    page = visit(browser, **CALM)
    sign_up(page, cotorra, "axe@example.es")
    assert faults(page) == []
    page.get_by_label("Nombre o apodo").fill("Lucía")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Lucía")
    page.goto(f"{cotorra.url}/familia/")
    links = page.locator("main a[href*='/familia/perfil/']").evaluate_all(
        "links => [...new Set(links.map((link) => link.getAttribute('href')))]"
    )
    assert len(links) >= 3
    assert faults_at(page, cotorra, [*INSIDE, *links]) == []
    page.goto(f"{cotorra.url}/quien-aprende/")
    page.get_by_role("button", name="Lucía").click()
    expect(page).to_have_url(re.compile("/quien-habla/permiso/"))
    assert faults(page) == []
    assert faults_at(page, cotorra, ["/", "/mis-datos/", "/familia/"]) == []
    page.get_by_label("Tu contraseña").fill("loro")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Tu contraseña")).to_have_attribute("aria-invalid", "true")
    assert faults(page) == []


def test_the_player_with_every_type(browser: Browser, visit: Visit, course: Path) -> None:
    page = visit(browser, "/jugar/leccion/", who="adult", **CALM)
    keys, found = Keyboard(page), []
    for section in page.locator("[data-question][data-said]").all():
        section.evaluate(TURN_TO)
        found += [f"{keys.kind} {fault}" for fault in faults(page)]
    page.reload()
    page.locator("[data-quiet]").click()
    expect(page.locator("[data-go]")).to_be_visible()
    wrong = {"listen_choose": lambda: keys.choose("ship")}
    while kind := page.locator("[data-current]").count() and keys.kind:
        found += [f"{kind} {fault}" for fault in faults(page)]
        wrong.pop(kind, lambda: RIGHT[kind](keys))()
        keys.submit()
        found += [f"{kind}, answered: {fault}" for fault in faults(page)]
        keys.go_on()
        if kind == "dialogue":
            found += [f"{kind}, to be said: {fault}" for fault in faults(page)]
            keys.go_on()
    expect(page.locator("[data-summary] h2")).to_be_focused()
    assert found + faults(page) == []


def test_a_quiz_in_play(browser: Browser, visit: Visit, course: Path) -> None:
    page = visit(browser, "/jugar/uno-quiz/", who="adult", **CALM)
    keys, found = Keyboard(page), faults(page)
    wrong = {"order": lambda: keys.lay(["see"]), "gap": lambda: keys.write("sea")}
    wrong[keys.kind]()
    keys.submit()
    found += faults(page)
    keys.go_on()
    expect(page.locator("[data-summary] h2")).to_have_text("Casi lo tienes")
    assert found + faults(page) == []


def test_what_was_heard(listening: Browser, visit: Visit) -> None:
    page = visit(listening, f"{LESSON}#ejercicio-1", who="adult", **CALM)
    Keyboard(page).say()
    assert faults(page) == []


def test_pages_of_what_went_wrong(browser: Browser, visit: Visit, cotorra: Cotorra) -> None:
    page, found = visit(browser, **CALM), []
    pages = json.loads(cotorra.ask(ERRORS))
    pages.append(page.request.get(f"{cotorra.url}/no-existe/").text())
    for html in pages:
        page.set_content(html, wait_until="load")
        found += [f"{page.title()} {fault}" for fault in faults(page)]
    assert found == []


def test_pages_of_an_author(browser: Browser, visit: Visit, course: Path, cotorra: Cotorra) -> None:
    keys = cotorra.ask(AUTHOR).split()
    page = visit(browser, "/admin/login/", **CALM)
    page.locator("[name=username]").fill(STAFF)
    page.locator("[name=password]").fill(STAFF)
    page.keyboard.press("Enter")
    expect(page.locator("#user-tools")).to_be_visible()
    paths = [f"/admin/{path.format(*keys)}" for path in ADMIN]
    assert faults_at(page, cotorra, paths, violations) == []
