"""The page as a test sees it: what a tab shows, and who could not read it."""

from collections.abc import Iterator
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from starting import browser
from tests.lacking import skipped_at_home
from tests.processes import eventually

# A phone by day and a desk by night, for colours and widths depend on each other nowhere: options
# of a browser context.
LOOKS: list[dict[str, Any]] = [
    {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}
    for scheme, width in (("light", 360), ("dark", 1240))
]


def launch() -> Iterator[Browser]:
    with skipped_at_home(), browser.launch() as launched:
        yield launched


def follow(page: Page, selector: str) -> None:
    """Click what leads to another page, and be there: a click alone does not wait for it."""
    with page.expect_navigation():
        page.click(selector)


def is_for_all(page: Page) -> None:
    """Nobody is kept from reading it: axe finds nothing, and nothing is wider than the window."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


class Tab(browser.Tab):
    """An open page, and what a test looks for in it."""

    def figure(self, pattern: str, name: str) -> str:
        return self.page.inner_text(f"#{pattern} dl [data-f={name}]")

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
