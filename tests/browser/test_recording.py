"""The main job in a real browser: a real voice goes in by the microphone, and colours come out."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, WebSocket, expect

from tests import voices
from tests.browser.conftest import LESSON, Cotorra, Visit
from tests.browser.driver import Line

EXERCISE = f"{LESSON}#ejercicio-1"
LAST = "from assessment.models import Attempt; a = Attempt.objects.latest('created'); print({})"
DEAF = """() => {
  const Real = WebSocket;
  window.WebSocket = class extends Real {
    set onmessage(react) {
      super.onmessage = (event) => event.data.includes('"feedback"') || react(event);
    }
    get onmessage() { return super.onmessage; }
  };
}"""


@dataclass
class Traffic:
    """What went over the sockets of a page."""

    frames: dict[int, bytes] = field(default_factory=dict)
    resent: int = 0
    stops: list[int] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        page.on("websocket", self.opened)

    def opened(self, socket: WebSocket) -> None:
        socket.on("framesent", self.sent)
        socket.on("framereceived", lambda text: self.heard.append(json.loads(text)["type"]))

    def sent(self, message: str | bytes) -> None:
        if isinstance(message, bytes):
            number = int.from_bytes(message[:4], "little")
            self.resent += number in self.frames
            assert self.frames.setdefault(number, message[4:]) == message[4:]
            return
        said = json.loads(message)
        self.said.append(said["type"])
        if said["type"] == "stop":
            self.stops.append(said["frames"])

    @property
    def seconds(self) -> float:
        return sum(map(len, self.frames.values())) / 32_000


@pytest.fixture
def line(cotorra: Cotorra) -> Iterator[Line]:
    """A line to the server that can be cut."""
    opened = Line(cotorra.url)
    yield opened
    opened.close()


def start(page: Page) -> None:
    page.get_by_role("button", name="Grabar").click()
    expect(page.get_by_role("button", name="Parar")).to_be_visible()


def stop(page: Page) -> None:
    page.get_by_role("button", name="Parar").click()


def colours(page: Page) -> None:
    """The answer is there, every sound with a colour and a line of its own."""
    answer = page.locator("[data-current] .feedback[data-score]")
    expect(answer).to_be_visible(timeout=20_000)
    words = voices.voice().text.split()
    expect(answer.locator(".word")).to_have_count(len(words))
    tokens = page.evaluate(
        """() => Object.fromEntries(["right", "wrong", "unsure"].map((name) => {
          const probe = document.createElement("i");
          probe.className = name;
          probe.style.color = "var(--hue)";
          document.body.append(probe);
          const colour = getComputedStyle(probe).color;
          probe.remove();
          return [name, colour];
        }))"""
    )
    lines = {"right": "solid", "wrong": "wavy", "extra": "wavy", "unsure": "dotted"}
    sounds = answer.locator(".sound")
    assert sounds.count() >= len(words)
    for index in range(sounds.count()):
        sound = sounds.nth(index)
        verdict = sound.get_attribute("data-verdict") or ""
        text = sound.locator(".sound-text")
        colour = tokens[verdict if verdict in tokens else "wrong"]
        assert text.evaluate("each => getComputedStyle(each).color") == colour
        if verdict in lines:
            drawn = text.evaluate("each => getComputedStyle(each).textDecorationStyle")
            assert drawn == lines[verdict]
        assert (sound.locator(".mark").count() == 0) == (verdict == "right")


def test_a_learner_reads_aloud_and_sees_every_sound_in_colour(
    listening: Browser, visit: Visit, cotorra: Cotorra
) -> None:
    page = visit(listening, LESSON, who="adult")
    traffic = Traffic()
    traffic.follow(page)
    page.get_by_role("link", name="Empezar").click()
    start(page)
    expect(page.get_by_role("status")).to_have_text("Te escucho.")
    # It stops by itself when the voice has ended.
    expect(page.get_by_role("button", name="Otra vez")).to_be_visible(timeout=15_000)
    colours(page)
    assert "end_of_speech" in traffic.heard
    assert voices.voice().seconds < traffic.seconds < voices.voice().seconds + 5
    summary = page.locator("[data-current] [data-summary-text]").inner_text()
    expect(page.get_by_role("status")).to_have_text(summary.strip())
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    # Word, syllable and sound on a tap.
    page.locator(".word summary").first.click()
    expect(page.locator(".sound-list").first).to_be_visible()
    # The end of the lesson knows of it.
    page.goto(f"{cotorra.url}{LESSON}#resumen")
    expect(page.get_by_role("heading", name="Aún no has grabado nada")).to_have_count(0)


def test_one_hears_oneself_and_the_model_side_by_side(listening: Browser, visit: Visit) -> None:
    page = visit(listening, EXERCISE, who="adult")
    start(page)
    page.wait_for_timeout(1500)
    stop(page)
    expect(page.locator("[data-current] .feedback[data-score]")).to_be_visible(timeout=20_000)
    for name in ("Escúchate", "Escuchar", "Despacio"):
        button = page.locator("[data-result]").get_by_role("button", name=name, exact=True).first
        button.click()
        expect(button).to_have_attribute("data-playing", "")
        page.wait_for_function("document.querySelectorAll('[data-playing]').length === 1")
    expect(page.locator("[data-playing]")).to_have_count(0, timeout=15_000)
    # A new take: the voice falls silent, and the same exercise is recorded again.
    page.locator("[data-result]").get_by_role("button", name="Escúchate").first.click()
    page.get_by_role("button", name="Otra vez").click()
    expect(page.get_by_role("button", name="Parar")).to_be_visible()
    expect(page.locator("[data-playing]")).to_have_count(0)


def test_everything_can_be_done_by_keyboard(listening: Browser, visit: Visit) -> None:
    page = visit(listening, EXERCISE, who="adult")
    record = page.locator("[data-record]")
    for _ in range(12):
        page.keyboard.press("Tab")
        if record.evaluate("each => each === document.activeElement"):
            break
    outline = record.evaluate("each => getComputedStyle(each).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    expect(record).to_have_text("Parar")
    page.wait_for_timeout(1500)
    page.keyboard.press("Escape")
    expect(record).to_have_text("Otra vez")
    expect(page.locator("[data-current] .feedback[data-score]")).to_be_visible(timeout=20_000)
    page.wait_for_timeout(500)  # sooner it would be a second press of the same key
    page.keyboard.press("Space")
    expect(record).to_have_text("Parar")
    page.wait_for_timeout(600)
    page.keyboard.press("Space")
    expect(record).to_have_text("Otra vez")
    page.wait_for_timeout(1000)  # a key that is let go must not begin another take
    expect(record).to_have_text("Otra vez")


def test_a_line_that_breaks_mid_recording_loses_nothing(
    listening: Browser, visit: Visit, cotorra: Cotorra, line: Line
) -> None:
    page = visit(listening, EXERCISE, who="adult", line=line)
    traffic = Traffic()
    traffic.follow(page)
    start(page)
    page.wait_for_timeout(900)
    line.cut()
    expect(page.get_by_role("status")).to_contain_text("Sin conexión")
    page.wait_for_timeout(900)
    line.mend()
    colours(page)
    assert "resume" in traffic.said
    assert sorted(traffic.frames) == list(range(traffic.stops[-1]))
    stored = float(cotorra.ask(LAST.format("a.duration_s")))
    assert stored == pytest.approx(traffic.seconds, abs=0.001)


def test_a_server_that_dies_mid_recording_loses_nothing(
    listening: Browser, visit: Visit, cotorra: Cotorra, line: Line
) -> None:
    page = visit(listening, EXERCISE, who="adult", line=line)
    traffic = Traffic()
    traffic.follow(page)
    start(page)
    page.wait_for_timeout(1800)
    cotorra.node.kill()
    expect(page.get_by_role("status")).to_contain_text("Sin conexión")
    stop(page)
    cotorra.node = cotorra.site.one_process()
    line.lead_to(cotorra.url)
    expect(page.locator("[data-current] .feedback[data-score]")).to_be_visible(timeout=30_000)
    # The new process had never heard of the take: it got all of it, from the first frame.
    assert traffic.said.count("start") == 2
    assert traffic.resent > 0
    assert sorted(traffic.frames) == list(range(traffic.stops[-1]))
    stored = float(cotorra.ask(LAST.format("a.duration_s")))
    assert stored == pytest.approx(traffic.seconds, abs=0.001)


def test_feedback_that_is_not_pushed_is_fetched(listening: Browser, visit: Visit) -> None:
    page = visit(listening, EXERCISE, who="adult")
    page.evaluate(DEAF)
    start(page)
    colours(page)


def test_leaving_an_exercise_while_recording_still_answers_it(
    listening: Browser, visit: Visit
) -> None:
    page = visit(listening, EXERCISE, who="adult")
    start(page)
    page.wait_for_timeout(1800)
    page.get_by_role("link", name="Siguiente").click()
    expect(page.locator("[data-record]")).to_have_text("Grabar")
    page.get_by_role("link", name="Anterior").click()
    expect(page.locator("[data-current] .feedback")).to_be_visible(timeout=20_000)


def test_a_take_that_cannot_be_sent_is_kept_and_sent_later(
    listening: Browser, visit: Visit, cotorra: Cotorra, line: Line
) -> None:
    page = visit(listening, LESSON, who="adult", line=line)
    page.clock.install()
    page.goto(f"{line.url}{EXERCISE}")
    traffic = Traffic()
    traffic.follow(page)
    start(page)
    page.wait_for_timeout(1800)
    line.cut()
    stop(page)
    title = page.get_by_role("status").get_by_text("No hay conexión con Cotorra")
    for _ in range(30):
        if title.is_visible():
            break
        page.clock.fast_forward(10_000)
        page.wait_for_timeout(200)
    expect(title).to_be_visible()
    line.mend()
    page.get_by_role("button", name="Enviar otra vez").click()
    expect(page.locator("[data-current] .feedback[data-score]")).to_be_visible(timeout=20_000)
    stored = float(cotorra.ask(LAST.format("a.duration_s")))
    assert stored == pytest.approx(traffic.seconds, abs=0.001)


def test_the_time_limit_is_announced_and_kept(
    listening: Browser, visit: Visit, cotorra: Cotorra
) -> None:
    page = visit(listening, EXERCISE, who="adult")
    page.locator("[data-recorder]").evaluate("each => each.dataset.maxSeconds = 2.5")
    start(page)
    expect(page.get_by_role("status")).to_have_text("Quedan 3 segundos.")
    expect(page.locator("[data-current] .feedback[data-score]")).to_be_visible(timeout=20_000)
    assert float(cotorra.ask(LAST.format("a.duration_s"))) == pytest.approx(2.5)


def test_the_end_of_a_lesson_names_what_was_hard(listening: Browser, visit: Visit) -> None:
    page = visit(listening, EXERCISE, who="adult")
    start(page)
    colours(page)
    tips = page.locator("[data-result] .tip .tip-sound").count()
    page.get_by_role("link", name="Siguiente").click()
    page.get_by_role("link", name="Terminar").click()
    hard = page.locator("[data-hard] a")
    expect(hard).to_have_count(min(tips, 3))
    if tips:
        hard.first.click()
        expect(page.locator("#ejercicio-1")).to_be_visible()
        expect(page.locator("[data-result] .tip").first).to_be_in_viewport()
