"""A real browser, headless: Chromium from this machine, or the one that Playwright installed."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.processes import DEADLINE, eventually

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A phone by day and a desk by night, for colours and widths depend on each other nowhere: options
# of a browser context.
LOOKS: list[dict[str, Any]] = [
    {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}
    for scheme, width in (("light", 360), ("dark", 1240))
]
# Root has no sandbox; the rest keeps Chromium from asking for hosts of its own.
FLAGS = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]


def launch() -> Iterator[Browser]:
    """Skips the test at home where there is no Chromium; in CI it must be there."""
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
        path = next(filter(None, map(shutil.which, NAMES)), own if Path(own).exists() else None)
        if not path:
            assert not os.environ.get("CI"), "no Chromium"
            pytest.skip("no Chromium on this machine: apt install chromium")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def follow(page: Page, selector: str) -> None:
    """Click what leads to another page, and be there: a click alone does not wait for it."""
    with page.expect_navigation():
        page.click(selector)


def is_for_all(page: Page) -> None:
    """Nobody is kept from reading it: axe finds nothing, and nothing is wider than the window."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


class Tab:
    """An open page that notes what goes wrong in it."""

    def __init__(self, browser: Browser, url: str, **options: object) -> None:
        self.context = browser.new_context(**options)  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(DEADLINE * 1000)
        self.errors: list[str] = []
        self.page.on(
            "pageerror", lambda error: self.errors.append(f"{error.message}\n{error.stack}")
        )
        self.page.on("console", lambda said: self.note(said.type, said.text))
        self.page.goto(url)

    def note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.errors.append(text)

    def is_live(self) -> None:
        """Wait until the page has its first figures."""
        self.page.wait_for_selector("#link.is-live")

    def figure(self, pattern: str, name: str) -> str:
        return self.page.inner_text(f"#{pattern} dl [data-f={name}]")

    def shows(self, pattern: str, within: float = DEADLINE, **figures: str) -> None:
        """Wait until all these figures stand there."""
        for name, value in figures.items():
            found = f"#{pattern} dl [data-f={name}]"
            self.page.wait_for_function(
                "([found, value]) => document.querySelector(found).textContent === value",
                arg=[found, value],
                timeout=within * 1000,
            )

    def shows_at_last(self, pattern: str, **figures: str) -> None:
        """Reload, as one does without a script, until these figures stand there."""

        def shown() -> bool:
            if all(self.figure(pattern, name) == value for name, value in figures.items()):
                return True
            self.page.reload()
            return False

        eventually(shown)

    def says(self, pattern: str, text: str) -> None:
        """Wait for a sentence under a track."""
        self.page.wait_for_function(
            "([found, text]) => document.querySelector(found).innerText === text",
            arg=[f"#{pattern} .say", text],
        )

    def cards(self, pattern: str) -> dict[str, str]:
        """The state of each listener that is shown, by name."""
        cards = self.page.locator(f"#{pattern} .cards > li")
        states = cards.evaluate_all(
            "cards => cards.map(c => [c.querySelector('b').innerText, c.className])"
        )
        return dict(states)

    def flights(self) -> list[dict[str, str]]:
        """Every dot that has flown since `record_flights`: its id, body, kind, and whither."""
        return list(self.page.evaluate("() => window.flights"))

    def record_flights(self) -> None:
        self.page.evaluate(
            """() => {
              window.flights = [];
              const note = (records) => records.forEach((r) => r.addedNodes.forEach((dot) =>
                setTimeout(() => window.flights.push({
                  column: r.target.closest("section").id, id: dot.dataset.id, to: dot.dataset.to,
                  kind: dot.className, body: dot.textContent}))));
              document.querySelectorAll(".dots").forEach((layer) =>
                new MutationObserver(note).observe(layer, {childList: true}));
            }"""
        )
