"""Fixtures of the pages: a real browser, a page of a test's own, and what /compare shows."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from tests.browser import launch
from tests.measured import Write, writer
from tests.parts import Demo, RedisServer, Web
from tests.pressing import Pressing
from tests.stage import Stage
from web import app


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    yield from launch()


@pytest.fixture
def stage(start: Callable[..., Any], own_server: RedisServer, browser: Browser) -> Iterator[Stage]:
    """A page of the test's own, in which nothing may go wrong that the test does not expect."""
    stage = Stage(start, own_server, browser)
    yield stage
    for tab in stage.tabs:
        tab.context.close()
        assert not tab.errors


@pytest.fixture
def pressing(demo: Callable[..., Demo], browser: Browser) -> Iterator[Pressing]:
    """The page of a demo of queue and channel, whose buttons do something."""
    one = Pressing(demo, browser, "prodcons", "pubsub")
    yield one
    one.end()


@pytest.fixture(scope="session")
def blank(browser: Browser) -> Iterator[Page]:
    """A page for modules that are tested by themselves."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def run(blank: Page, web: Web) -> Callable[..., Any]:
    """Calls a function body with a module's exports as `m` and an argument as `given`."""
    blank.goto(f"http://{web.host}/healthz")

    def call(module: str, body: str, given: Any = None) -> Any:
        script = f"async (given) => {{ const m = await import('/static/{module}.js'); {body} }}"
        return blank.evaluate(script, given)

    return call


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes a summary of the lab, which the pages of /compare then show."""
    return writer(tmp_path, monkeypatch)


@pytest.fixture
def address() -> Iterator[str]:
    """The real web, in this process, so that it reads the summary of the test."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()
