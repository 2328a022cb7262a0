"""Cotorra in earnest, and a browser to look at it with."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests import voices
from tests.browser.driver import PERMITTED, Line, Watch, open_browser, write_wav
from tests.site import Node, Site

LESSON = "/leccion/prueba-true/"
COURSE_LESSON = "/leccion/seis-sonidos/"
OTHER_NAME = "cotorra.test"  # a name for this machine that is not localhost
WRITE_LESSON = "from tests.lessons import exercise; exercise({first!r}); exercise('rabbit')"
LOAD_COURSE = """
from pathlib import Path
from learning import course_folder, loading
from learning.models import Lesson
from tests.syllabus import write
loading.load(course_folder.read_course(write(Path({folder!r})))[0], 9)
Lesson.objects.filter(unit__course__slug="curso").update(published=True)
"""


@dataclass
class Cotorra:
    """A running installation with the course, and a lesson that begins with the voice's text."""

    site: Site
    node: Node

    @property
    def url(self) -> str:
        return self.node.url

    def ask(self, code: str) -> str:
        """What a line of Python prints over there."""
        return self.site.manage("shell", "--no-imports", "-c", code).strip()


@pytest.fixture(scope="session")
def cotorra(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cotorra]:
    """As a family runs it: one process, not in debug."""
    site = Site(
        tmp_path_factory.mktemp("cotorra"),
        REDIS_URL="",
        DATABASE_URL="",
        DEBUG="",
        ALLOWED_HOSTS=f"127.0.0.1,localhost,{OTHER_NAME}",
    )
    site.manage("migrate", "--verbosity", "0")
    site.manage("load_course", "--verbosity", "0")
    site.manage("collectstatic", "--noinput", "--verbosity", "0")
    running = Cotorra(site, site.one_process())
    running.ask(WRITE_LESSON.format(first=voices.voice().text))
    yield running
    site.close()


@pytest.fixture(scope="session")
def course(cotorra: Cotorra, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lesson with an exercise of every type, and a quiz."""
    folder = tmp_path_factory.mktemp("curso")
    cotorra.ask(LOAD_COURSE.format(folder=str(folder)))
    return folder


@pytest.fixture(scope="session")
def voice_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the microphone hears: a moment of quiet, the voice, and then quiet."""
    pcm = voices.silence(0.6) + voices.voice().pcm + voices.silence(8)
    return write_wav(tmp_path_factory.mktemp("voice") / "voice.wav", pcm)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Of one module only: as long as it is there, no other event loop runs in this thread."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A browser on a machine without a microphone."""
    with open_browser(playwright, f"--host-resolver-rules=MAP {OTHER_NAME} 127.0.0.1") as opened:
        yield opened


@pytest.fixture(scope="module")
def listening(playwright: Playwright, voice_file: Path) -> Iterator[Browser]:
    """A browser whose microphone hears the voice, and may be used."""
    with open_browser(playwright, *PERMITTED, microphone=voice_file) as opened:
        yield opened


Visit = Callable[..., Page]


@pytest.fixture
def visit(request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Opens a page as a new visitor; whatever it did that none of ours may do fails the test."""
    contexts: list[BrowserContext] = []
    watches: list[Watch] = []

    def opened(
        browser: Browser,
        path: str = "/",
        who: str = "",
        line: Line | None = None,
        origin: str = "",
        forgiven: tuple[str, ...] = (),
        **options: object,
    ) -> Page:
        origin = line.url if line else origin or request.getfixturevalue("cotorra").url
        context = browser.new_context(**{"viewport": {"width": 390, "height": 844}, **options})  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        watches.append(Watch(origin, forgiven + ("WebSocket connection",) * bool(line)))
        watches[-1].follow(page)
        if who:
            page.goto(f"{origin}/quien-habla/")
            page.locator(f"button[value={who}]").click()
        page.goto(f"{origin}{path}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [fault for watch in watches for fault in watch.faults] == []
