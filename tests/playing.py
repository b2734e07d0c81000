"""Plays an experiment of the page by its button, and watches it."""

from tests.browser import Tab
from tests.processes import eventually

AT_MOST = 120  # seconds


def unfold(tab: Tab, name: str) -> None:
    tab.page.evaluate("(found) => { document.querySelector(found).open = true; }", f"#try-{name}")


def play(tab: Tab, name: str) -> str:
    """Run an experiment by its button; return what the page says at its end."""
    unfold(tab, name)
    tab.page.click(f"#try-{name} .play:enabled")
    return said_at_the_end(tab, name)


def said_at_the_end(tab: Tab, name: str) -> str:
    """Wait until an experiment has ended; return what the page then says."""
    eventually(lambda: tab.page.is_enabled(f"#try-{name} .play"), within=AT_MOST)
    return tab.page.inner_text("#playing [role=status]")


def ticks(tab: Tab, name: str) -> dict[str, list[bool]]:
    """Which steps are ticked, by pattern."""
    found: dict[str, list[bool]] = {}
    for tick in tab.page.query_selector_all(f"#try-{name} .steps .tick"):
        whose, label = tick.get_attribute("data-of"), tick.get_attribute("aria-label") or ""
        found.setdefault(str(whose), []).append(label.endswith(": seen"))
    return found


def done(tab: Tab) -> list[str]:
    """The experiments that are ticked as a whole."""
    places = tab.page.query_selector_all(".experiment.done")
    return [str(one.get_attribute("id")).removeprefix("try-") for one in places]
