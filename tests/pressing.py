"""The page of a real demo, whose buttons a test presses."""

import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Locator

from tests.browser import Tab
from tests.parts import Demo
from tests.processes import eventually


class Pressing:
    """A demo of two patterns, and its page in a tab."""

    def __init__(self, demo: Callable[..., Demo], browser: Browser, *patterns: str) -> None:
        command = [sys.executable, "-m", "starting.demo", *patterns]
        self.patterns, self._browser = patterns, browser
        self.demo = demo(command, WEB_CONCURRENCY="1")  # it starts the sooner
        self.demo.says("and click.")
        eventually(lambda: self.demo.text.count("Listening to task:") == 4)
        self._tabs: list[Tab] = []

    def open(self, **options: object) -> Tab:
        """Open the page, in which nothing may go wrong, and wait until it obeys."""
        left, right = self.patterns
        url = f"http://127.0.0.1:{self.demo.port}/?left={left}&right={right}"
        self._tabs.append(Tab(self._browser, url, **options))
        tab = self._tabs[-1]
        tab.is_live()
        tab.page.wait_for_selector(f"#{left} .start:not([hidden])")
        for pattern in self.patterns:
            tab.shows(pattern, there="2")
        return tab

    def end(self) -> None:
        for tab in self._tabs:
            tab.context.close()
            assert not tab.errors
        self.demo.stop()


def pids(tab: Tab) -> dict[str, int]:
    """The process of each listener, by name, that the web knows to be there."""
    told = tab.page.evaluate("fetch('/status').then((one) => one.json())")
    listeners = [one for figures in told["patterns"].values() for one in figures["listeners"]]
    return {one["name"]: one["pid"] for one in listeners if one["state"] != "gone"}


def is_stopped(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def is_there(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def menu(tab: Tab, of: str) -> Locator:
    """Open the menu of a listener, a column, or Redis."""
    tab.page.get_by_role("button", name=of, exact=True).click()
    return tab.page.locator("dialog[open]")


def press(tab: Tab, listener: str, verb: str, options: str = "{}") -> str:
    """Choose a verb in the menu of a listener, and return what the column then says."""
    pattern = listener.partition("-")[0]
    tab.page.evaluate(f"document.querySelector('#{pattern} .last').textContent = ''")
    line = menu(tab, f"Controls of {listener}").locator(f"li[data-verb={verb}]")
    line.and_(tab.page.locator(f"[data-options='{options}']")).locator(".do").click()
    return came(tab, f"#{pattern} .last")


def press_in_column(tab: Tab, pattern: str, title: str, verb: str) -> str:
    """Choose a verb in the menu of a column, and return what the column then says."""
    tab.page.evaluate(f"document.querySelector('#{pattern} .last').textContent = ''")
    menu(tab, f"Controls of {title}").locator(f"li[data-verb={verb}] .do").click()
    return came(tab, f"#{pattern} .last")


def came(tab: Tab, selector: str) -> str:
    """Wait for the demo's answer, and return it."""
    tab.page.wait_for_function(
        "(at) => { const text = document.querySelector(at).textContent;"
        " return text && text !== 'The demo is asked …'; }",
        arg=selector,
    )
    return tab.page.inner_text(selector)
