"""All that a test of the live page needs: a Redis, a web, listeners, and tabs of a browser."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser

from tests.browser import Tab
from tests.parts import Listener, RedisServer, Web


class Stage:
    """They belong to one test."""

    def __init__(
        self, start: Callable[..., Any], server: RedisServer, browser: Browser, **environ: str
    ) -> None:
        self.start, self.server, self.browser = start, server, browser
        self.web: Web = start(Web, REDIS_URL=server.url, **environ)
        self.tabs: list[Tab] = []

    def listen(
        self, pattern: str, name: str, *options: str, waits_for: str = "Listening"
    ) -> Listener:
        environ = {"waits_for": waits_for, "REDIS_URL": self.server.url}
        listener: Listener = self.start(Listener, pattern, "--name", name, *options, **environ)
        return listener

    def listen_all(self, pattern: str, *names: str) -> list[Listener]:
        """Several listeners of a pattern, started at once."""
        listeners = [self.listen(pattern, name, waits_for="") for name in names]
        for listener in listeners:
            listener.says("Listening")
        return listeners

    def open(self, path: str = "/", **options: object) -> Tab:
        tab = Tab(self.browser, f"http://{self.web.host}{path}", **options)
        self.tabs.append(tab)
        if options.get("java_script_enabled", True):
            tab.is_live()
            tab.record_flights()
        return tab

    def ids(self, pattern: str) -> dict[str, str]:
        """The names of the listeners by their ids."""
        return {one["id"]: one["name"] for one in self.web.figures(pattern)["listeners"]}
