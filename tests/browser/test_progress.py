"""The page of the day and that of progress, in a browser."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Cotorra, Visit

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LEARN = """
from datetime import UTC, datetime, timedelta
from accounts.models import Profile
from learning import progress
from learning.models import Exercise, Lesson
profile = Profile.objects.latest("created")
lesson = Lesson.objects.get(slug="hola-saludos")
for days in (12, 9, 1):
    at = datetime.now(UTC) - timedelta(days=days)
    for number, exercise in enumerate(lesson.shown_exercises):
        progress.record(profile, exercise, 1.0, at + timedelta(seconds=30 * number))
"""


def learnt(page: Page, cotorra: Cotorra) -> Page:
    """The page of the newest learner, once something was learnt."""
    cotorra.ask(LEARN)
    page.reload()
    return page


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_progress_fits_every_screen(
    browser: Browser, visit: Visit, cotorra: Cotorra, width: int, theme: str
) -> None:
    size = {"width": width, "height": 800}
    page = visit(browser, "/mi-progreso/", who="adult", viewport=size, color_scheme=theme)
    assert page.evaluate(SIDEWAYS) <= 0
    learnt(page, cotorra)
    assert page.evaluate(SIDEWAYS) <= 0
    expect(page.locator(".sticker").first).to_be_visible()
    expect(page.get_by_role("table", name="Lo aprendido")).to_be_visible()
    feather, ground = page.evaluate(
        """() => [getComputedStyle(document.querySelector(".week .feather")).fill,
                  getComputedStyle(document.querySelector(".card")).backgroundColor]"""
    )
    assert feather != ground
    page.goto(f"{cotorra.url}/hoy/")
    assert page.evaluate(SIDEWAYS) <= 0
    for pressed in page.locator("main").get_by_role("button").all():
        box = pressed.bounding_box()
        assert box is not None and min(box["width"], box["height"]) >= 44


def test_a_week_is_told_to_who_cannot_see_it(
    browser: Browser, visit: Visit, cotorra: Cotorra
) -> None:
    page = learnt(visit(browser, "/mi-progreso/", who="child"), cotorra)
    week = page.get_by_role("list", name="Los últimos siete días")
    told = [item.inner_text() for item in week.get_by_role("listitem").all()]
    assert len(told) == 7
    assert "minutos" in told[5] and "descanso" in told[6]
    assert "img" not in week.aria_snapshot()
    expect(page.get_by_role("table", name="Lo aprendido")).to_be_hidden()
    page.locator("summary", has_text="En cifras").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("table", name="Lo aprendido")).to_be_visible()


def test_a_day_is_begun_by_keyboard(browser: Browser, visit: Visit) -> None:
    page = visit(browser, "/hoy/", who="adult")
    page.get_by_role("button", name="Empezar").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/hoy/jugar/")
    page.goto(page.url.replace("jugar/", ""))
    expect(page.get_by_role("button", name="Seguir")).to_be_visible()
