"""'Mis sonidos' as a learner sees it: by finger, by keyboard, by ear."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Cotorra, Visit

PATH = "/mis-sonidos/"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
COUNT = """
from datetime import UTC, datetime, timedelta
from accounts.models import Profile
from learning import progress
from speech.findings import Verdict
profile = Profile.objects.latest("created")
now = datetime.now(UTC)
for days, phone, right, wrong in [
    (2, "V", 2, 18), (1, "V", 15, 5), (1, "R", 2, 8), (1, "S", 20, 0), (0, "TH", 1, 0)
]:
    sounds = [(phone, Verdict.RIGHT)] * right + [(phone, Verdict.WRONG)] * wrong
    progress.record_sounds(profile, sounds, now - timedelta(days=days))
"""


def counted(page: Page, cotorra: Cotorra) -> Page:
    """The page of the newest learner, once something was heard."""
    cotorra.ask(COUNT)
    page.reload()
    return page


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_sounds_stand_in_groups_and_fit_every_screen(
    browser: Browser, visit: Visit, cotorra: Cotorra, width: int, theme: str
) -> None:
    size = {"width": width, "height": 800}
    page = visit(browser, PATH, who="child", viewport=size, color_scheme=theme)
    expect(page.get_by_text("Aquí verás qué sonidos")).to_be_visible()
    counted(page, cotorra)
    for title, phone in (("Para practicar", "R"), ("Vas mejorando", "V"), ("Ya te salen", "S")):
        group = page.get_by_role("region", name=title)
        assert group.locator("[data-phone]").evaluate_all(
            "all => all.map(each => each.dataset.phone)"
        ) == [phone]
        expect(group.locator("svg.feathers path.feather").first).to_be_visible()
    expect(page.get_by_text("Bien 15 de 20 veces; antes, 2 de 20.")).to_be_visible()
    assert page.evaluate(SIDEWAYS) <= 0
    ground, feather = page.evaluate(
        """() => ["sound-tile", "feather"].map((name) => {
          const style = getComputedStyle(document.querySelector(`.${name}`));
          return name === "feather" ? style.fill : style.backgroundColor;
        })"""
    )
    assert ground != feather


def test_a_word_to_practise_is_reached_by_keyboard(
    browser: Browser, visit: Visit, cotorra: Cotorra
) -> None:
    page = visit(browser, who="adult")
    page.get_by_role("banner").get_by_role("link", name="Mis sonidos").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Mis sonidos", level=1)).to_be_visible()
    counted(page, cotorra)
    words = page.get_by_role("list", name="Para practicar la r inglesa").get_by_role("link")
    assert words.count() == 3
    for word in words.all():
        box = word.bounding_box()
        assert box is not None and min(box["width"], box["height"]) >= 44
    text = words.first.locator("[lang=en]").inner_text()
    words.first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-step][data-current] h2")).to_have_text(text)


def test_the_picture_is_told_to_who_cannot_see_it(
    browser: Browser, visit: Visit, cotorra: Cotorra
) -> None:
    page = counted(visit(browser, PATH, who="adult"), cotorra)
    tile = page.locator("[data-phone=V]")
    told = tile.aria_snapshot()
    assert "La v inglesa de «very»" in told
    assert "¡Vas mejorando!" in told
    assert "img" not in told and "/v/" not in told
