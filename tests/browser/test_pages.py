"""Every page, looked at as a visitor would."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import COURSE_LESSON, Cotorra, Visit

PAGES = [
    "/",
    COURSE_LESSON,
    f"{COURSE_LESSON}#ejercicio-1",
    f"{COURSE_LESSON}#resumen",
    "/mis-sonidos/",
]
PAGES += ["/quien-habla/", "/mis-datos/", "/mis-datos/borrar/", "/privacidad/", "/tomas/"]
SIDEWAYS = "document.documentElement.scrollWidth - window.innerWidth"
CONTRAST = """() => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const rgb = (token) => {
    canvas.fillStyle = getComputedStyle(document.body).getPropertyValue(token);
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (token) => rgb(token)
    .map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  return (front, back) => {
    const [a, b] = [light(front), light(back)].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  };
}"""
TEXT = ["--ink", "--soft", "--leaf", "--right", "--wrong", "--unsure"]
GROUNDS = ["--paper", "--card", "--sunk"]
ON = [("--on-leaf", "--leaf"), ("--on-sun", "--sun")]
ON += [(f"--{name}", f"--{name}-wash") for name in ("right", "wrong", "unsure")]


@pytest.mark.parametrize("who", ["", "child", "adult"])
def test_a_phone_never_scrolls_sideways(
    browser: Browser, visit: Visit, cotorra: Cotorra, who: str
) -> None:
    page = visit(browser, who=who)
    for path in PAGES:
        page.goto(cotorra.url + path)
        page.reload()  # also where only the fragment changed
        assert page.evaluate(SIDEWAYS) <= 0, path
        assert page.locator("h1").count() == 1, path


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_stands_out_from_what_lies_behind_it(
    browser: Browser, visit: Visit, theme: str
) -> None:
    page = visit(browser, color_scheme=theme)
    contrast = page.evaluate_handle(CONTRAST)
    pairs = [(front, back) for front in TEXT for back in GROUNDS] + ON
    weak = {
        pair: ratio
        for pair in pairs
        if (ratio := page.evaluate("([of, pair]) => of(...pair)", [contrast, pair])) < 4.5
    }
    assert weak == {}
    for ground in GROUNDS:  # the edges of what can be pressed
        assert page.evaluate("([of, pair]) => of(...pair)", [contrast, ["--edge", ground]]) >= 3


def test_the_theme_follows_the_system_until_somebody_chooses(
    browser: Browser, visit: Visit
) -> None:
    page = visit(browser, color_scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    button = page.get_by_role("button", name="Tema oscuro", pressed=True)
    button.click()
    assert page.evaluate(ground) != dark
    page.reload()
    expect(page.get_by_role("button", name="Tema oscuro", pressed=False)).to_be_visible()
    assert page.evaluate(ground) != dark


def test_who_wants_calm_sees_nothing_move(browser: Browser, visit: Visit) -> None:
    page = visit(browser, reduced_motion="reduce")
    assert page.evaluate("document.getAnimations().length") == 0


def test_without_scripts_the_lesson_can_still_be_read(browser: Browser, visit: Visit) -> None:
    page = visit(browser, COURSE_LESSON, java_script_enabled=False)
    expect(page.locator("#ejercicio-1 h2")).to_be_visible()
    expect(page.locator("#ejercicio-2 h2")).to_be_visible()
    expect(page.get_by_text("hace falta JavaScript")).to_be_visible()
    expect(page.locator("[data-record]")).to_be_hidden()


def test_what_can_be_pressed_is_large_enough_for_a_finger(
    browser: Browser, visit: Visit, cotorra: Cotorra
) -> None:
    page = visit(browser)
    for path in PAGES:
        page.goto(cotorra.url + path)
        page.reload()
        small = page.evaluate(
            """() => [...document.querySelectorAll("button, summary, .button, .chip, input")]
              .filter((each) => each.checkVisibility() && each.type !== "hidden")
              .map((each) => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
              .filter(([, box]) => box.bottom > 0 && (box.width < 44 || box.height < 44))
              .map(([html]) => html)"""
        )
        assert [html for html in small if "checkbox" not in html] == []


def test_a_lesson_is_light_to_load(browser: Browser, visit: Visit, cotorra: Cotorra) -> None:
    page = visit(browser)
    sizes: dict[str, int] = {}
    page.on(
        "requestfinished",
        lambda request: sizes.update({request.url: request.sizes()["responseBodySize"]}),
    )
    page.goto(cotorra.url + COURSE_LESSON, wait_until="networkidle")
    assert sizes
    assert sum(sizes.values()) < 60_000
    assert len(sizes) <= 16


def test_a_wrong_address_is_explained_in_spanish(
    browser: Browser, visit: Visit, cotorra: Cotorra
) -> None:
    page = visit(browser)
    answer = page.request.get(f"{cotorra.url}/no-existe/")
    assert answer.status == 404
    assert "Aquí no hay nada" in answer.text()
    assert page.request.get(f"{cotorra.url}/leccion/ninguna/").status == 404


def test_every_page_forbids_scripts_and_styles_of_others(
    browser: Browser, visit: Visit, cotorra: Cotorra
) -> None:
    page = visit(browser)
    for path in PAGES:
        policy = page.request.get(cotorra.url + path.split("#")[0]).headers
        assert "default-src 'self'" in policy["content-security-policy"]
        assert "unsafe" not in policy["content-security-policy"]


def test_one_exercise_at_a_time_and_the_way_on_by_keyboard(browser: Browser, visit: Visit) -> None:
    page = visit(browser, COURSE_LESSON)
    expect(page.get_by_role("heading", name="Antes de empezar")).to_be_visible()
    expect(page.locator("[data-record]")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    first, second = page.locator("#ejercicio-1"), page.locator("#ejercicio-2")
    expect(first).to_be_visible()
    expect(second).to_be_hidden()
    expect(page.locator("#ejercicio-1 h2")).to_be_focused()
    expect(page.get_by_text(re.compile(r"Ejercicio 1 de \d+"))).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(second).to_be_visible()
    page.go_back()
    expect(first).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("heading", name="Antes de empezar")).to_be_visible()


def test_the_map_of_the_lesson_leads_to_any_exercise(browser: Browser, visit: Visit) -> None:
    page = visit(browser, COURSE_LESSON)
    page.get_by_text(re.compile(r"Ver los \d+ ejercicios")).click()
    page.get_by_role("navigation", name="Ejercicios").get_by_role("link").nth(3).click()
    expect(page.locator("#ejercicio-3")).to_be_visible()
    expect(page.get_by_role("navigation", name="Ejercicios")).to_be_hidden()
