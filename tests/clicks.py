"""What one clicks in a column, and what the list of its last messages then says."""

from tests.browser import Tab
from tests.processes import eventually


def said(tab: Tab, pattern: str) -> list[tuple[str, str]]:
    """The last messages, newest first, and what became of each."""
    rows = tab.page.locator(f"#{pattern} .last-twelve li").all_inner_texts()
    return [(row.split()[0], " ".join(row.split()[1:])) for row in rows]


def says(tab: Tab, pattern: str, *rows: tuple[str, str]) -> None:
    try:
        eventually(lambda: said(tab, pattern) == [*rows])
    except TimeoutError:
        assert said(tab, pattern) == [*rows]


def click(tab: Tab, pattern: str, link: str = "Send one") -> None:
    tab.page.click(f"#{pattern} .send a >> text=/^{link} by/")


def send(tab: Tab, pattern: str, body: str) -> None:
    tab.page.fill(f"#{pattern} input[name=body]", body)
    tab.page.click(f"#{pattern} form button")
