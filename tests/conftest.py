"""A Redis of the tests' own, a web, and processes that end with their test."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from starting.ports import free_port
from starting.process import NotStartedError
from tests.browser import launch
from tests.parts import Demo, Listener, RedisServer, SecureRedis, Web
from tests.processes import eventually, marked, processes

REDIS_PORT = free_port()
os.environ["REDIS_URL"] = f"redis://127.0.0.1:{REDIS_PORT}/5"  # before messaging is imported
for name in (
    "PORT",
    "HOST",
    "QUEUE_LIMIT",
    "TRUSTED_HOSTS",
    "LOG_LEVEL",
    "NO_COLOR",
    "LIVE",
    "VIEWER_LIMIT",
):
    os.environ.pop(name, None)

from redis import Redis  # noqa: E402

from patterns import PATTERNS  # noqa: E402
from tests.measured import Write, writer  # noqa: E402
from tests.stage import Stage  # noqa: E402
from web import app  # noqa: E402

# Other tests run beside them: how long an example takes says nothing.
settings.register_profile("beside", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("beside")


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say what was left out."""
    if config.getoption("markexpr") == "not heavy":
        terminalreporter.write_line("The long proofs were left out: ./scripts/test -m heavy")


@pytest.fixture(scope="session", autouse=True)
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    process = RedisServer(REDIS_PORT, tmp_path_factory.mktemp("redis"))
    yield process
    process.kill()


@pytest.fixture(autouse=True)
def redis(server: RedisServer) -> Iterator[Redis]:
    """A client of the tests' Redis, which is empty."""
    client = Redis.from_url(server.url)
    client.flushall()
    yield client
    client.close()


@pytest.fixture(scope="session")
def web(server: RedisServer) -> Iterator[Web]:
    """Two web processes, which log each send."""
    process = Web(LOG_LEVEL="debug", WEB_CONCURRENCY="2")
    # Each of the two has heard from Redis, whichever answers.
    eventually(lambda: all(process.status()["redis"] == "up" for _ in range(20)))
    yield process
    process.kill()


@pytest.fixture
def start() -> Iterator[Callable[..., Any]]:
    """Starts processes that are gone after the test."""
    with processes() as start_one:
        yield start_one


@pytest.fixture
def one_of_each(start: Callable[..., Any]) -> Callable[..., dict[str, Listener]]:
    """Starts a listener of each pattern, all at once: `one_of_each("--name", "ears")`."""

    def start_all(
        *options: str, waits_for: str = "Listening", **environ: str
    ) -> dict[str, Listener]:
        listeners: dict[str, Listener] = {
            name: start(Listener, name, *options, waits_for="", **environ) for name in PATTERNS
        }
        for listener in listeners.values():
            listener.says(waits_for)
        return listeners

    return start_all


@pytest.fixture
def own_server(start: Callable[..., Any], tmp_path: Path) -> RedisServer:
    """A Redis that the test may stop and kill."""
    server: RedisServer = start(RedisServer, free_port(), tmp_path)
    return server


@pytest.fixture
def secure_server(start: Callable[..., Any], tmp_path: Path) -> SecureRedis:
    """A Redis over TLS; skips the test at home where there can be none; in CI it must be there."""
    try:
        server: SecureRedis = start(SecureRedis, tmp_path)
    except NotStartedError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))
    return server


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
def own_web(start: Callable[..., Any], own_server: RedisServer) -> Web:
    """One web process, whose Redis nobody else uses."""
    web: Web = start(Web, REDIS_URL=own_server.url, WEB_CONCURRENCY="1")
    eventually(lambda: web.status()["redis"] == "up")
    return web


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
def demo(start: Callable[..., Any]) -> Iterator[Callable[..., Demo]]:
    demos: list[Demo] = []

    def start_one(command: list[str] | None = None, **environ: str) -> Demo:
        demos.append(start(Demo, command, **environ))
        return demos[-1]

    yield start_one
    for one in demos:
        one.kill()
        eventually(lambda one=one: not marked(one.mark))  # type: ignore[misc]


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
