"""Opens pages in a headless Chromium: this machine's, or the one that Playwright installed."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from starting.process import DEADLINE, NotStartedError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Chromium has no sandbox when root runs it. The other flags stop its own requests.
FLAGS = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]


@contextmanager
def launch() -> Iterator[Browser]:
    """Start a browser, which ends on leaving; raises NotStartedError."""
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
        path = next(filter(None, map(shutil.which, NAMES)), own if Path(own).exists() else None)
        if not path:
            raise NotStartedError("no Chromium on this machine: apt install chromium")
        with playwright.chromium.launch(executable_path=path, args=FLAGS) as browser:
            yield browser


class Tab:
    """An open page, and the errors and warnings that it logs."""

    def __init__(self, browser: Browser, url: str, **options: object) -> None:
        self.context = browser.new_context(**options)  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(DEADLINE * 1000)
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(error.stack or error.message))
        self.page.on("console", self._note)
        self.page.goto(url)

    def _note(self, said: ConsoleMessage) -> None:
        if said.type in ("error", "warning"):
            self.errors.append(said.text)

    def is_live(self) -> None:
        """Wait until the page has its first figures."""
        self.page.wait_for_selector("#bar .is-live")

    def shows(self, pattern: str, **figures: str) -> None:
        """Wait until the page shows all these figures of a pattern."""
        for name, value in figures.items():
            self.page.wait_for_function(
                "([found, value]) => document.querySelector(found).textContent === value",
                arg=[f"#{pattern} dl [data-f={name}]", value],
            )
