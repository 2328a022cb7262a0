"""Answering exercises of the player by keyboard alone."""

from __future__ import annotations

from collections.abc import Sequence

from playwright.sync_api import Page, expect

MOST_TABS = 60
IS_HERE = """([selector, text]) => {
  const here = document.activeElement;
  return here.matches(selector) && (!text || here.textContent === text);
}"""


class Keyboard:
    """Somebody who has no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def kind(self) -> str:
        return self.page.locator("[data-current]").get_attribute("data-kind") or ""

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def reach(self, selector: str, text: str = "") -> None:
        """Go on with Tab, round the page, until the focus is there."""
        for _ in range(MOST_TABS):
            if self.page.evaluate(IS_HERE, [selector, text]):
                return
            self.press("Tab")
        raise AssertionError(f"no way to {selector} {text} by Tab")

    def choose(self, value: str) -> None:
        self.reach("[data-current] input[type=radio]")
        self.press("Space")
        chosen = self.page.locator("[data-current] input:checked")
        for _ in range(6):
            if chosen.get_attribute("value") == value:
                return
            self.press("ArrowDown")
        raise AssertionError(f"no option {value}")

    def write(self, text: str) -> None:
        self.reach("[data-current] input[type=text]")
        self.page.keyboard.type(text)

    def lay(self, pieces: Sequence[str]) -> None:
        """Put pieces in order."""
        for piece in pieces:
            self.reach("[data-current] [data-pieces] button", piece)
            self.press("Enter")

    def join(self, pairs: Sequence[tuple[str, str]]) -> None:
        for word, picture in pairs:
            self.reach(f"[data-current] [data-word={word}]")
            self.press("Enter")
            self.reach(f"[data-current] [data-picture={picture}]")
            self.press("Enter")

    def submit(self) -> None:
        """Enter where we are, or on the large button."""
        if not self.page.evaluate("document.activeElement.matches('input')"):
            self.reach("[data-go]")
        self.press("Enter")
        expect(self.page.locator("[data-current] .answer")).to_be_visible()
        expect(self.page.locator("[data-go]")).to_be_focused()

    def go_on(self) -> None:
        self.reach("[data-go]")
        self.press("Enter")

    def say(self) -> None:
        """Record, and wait for the colours; it stops by itself when the voice has ended."""
        self.reach("[data-record]")
        self.press("Enter")
        expect(self.page.get_by_role("button", name="Parar")).to_be_visible()
        answer = self.page.locator("[data-current] .feedback[data-score]")
        expect(answer).to_be_visible(timeout=30_000)
