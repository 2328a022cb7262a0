"""What a lesson weighs: little enough for a phone on a slow line."""

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import COURSE_LESSON, Cotorra
from tests.browser.weight import first_visit

MOST_BYTES = 200_000


@pytest.mark.parametrize(
    "path", ["/leccion/hola-saludos/", "/jugar/hola-saludos/", "/jugar/hola-quiz/", COURSE_LESSON]
)
def test_a_lesson_is_light_on_the_line(browser: Browser, cotorra: Cotorra, path: str) -> None:
    cost = first_visit(browser, cotorra.url + path)
    assert {"Document", "Stylesheet", "Script"} <= cost.sizes.keys()
    assert cost.bytes <= MOST_BYTES, cost.sizes
    assert cost.first_paint_ms > 0
