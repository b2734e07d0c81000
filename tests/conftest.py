"""A Redis of the tests' own, a web, and processes that end with their test."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from starting.disk import MOUNTS, PowerCutDisk, why_no_power_cut
from starting.ports import free_port
from starting.process import NotStartedError
from tests.lacking import skipped_at_home
from tests.parts import Demo, Listener, RedisServer, SecureRedis, Web
from tests.processes import ROOT, Process, eventually, marked, processes
from tests.proxy import Proxy

# Hundreds of processes import the same modules: these are compiled once, and not beside themselves.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ.setdefault("PYTHONPYCACHEPREFIX", str(ROOT / ".pytest_cache" / "compiled"))

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
    "SMTP_URL",
    "SMS_URL",
    "FETCH_ALLOW",
):
    os.environ.pop(name, None)

from redis import Redis  # noqa: E402

from jobs.commands import LIST_WORKER  # noqa: E402
from jobs.ways import WAYS  # noqa: E402
from messaging import connection  # noqa: E402
from patterns import PATTERNS  # noqa: E402

# Loaded after this, for they import messaging.
pytest_plugins = ["tests.demo_fixtures", "tests.page_fixtures"]

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


@pytest.fixture
def proxy(server: RedisServer) -> Iterator[Proxy]:
    """Stands before the tests' Redis, for those that use its address."""
    proxy = Proxy(server.port)
    yield proxy
    proxy.close()


@pytest.fixture
def before_all(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> Proxy:
    """The proxy stands before every client that is made from now on."""
    monkeypatch.setattr(connection, "REDIS_URL", proxy.url)
    return proxy


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
    """A Redis over TLS."""
    with skipped_at_home():
        server: SecureRedis = start(SecureRedis, tmp_path)
    return server


@pytest.fixture(scope="session")
def can_cut() -> None:
    """What the disk below needs of a machine."""
    if reason := why_no_power_cut():
        with skipped_at_home():
            raise NotStartedError(reason)


@pytest.fixture
def disk(can_cut: None, tmp_path: Path) -> Iterator[PowerCutDisk]:
    """A disk whose power can be cut; no mount of it stays behind."""
    with PowerCutDisk(tmp_path / ".." / tmp_path.name) as disk:  # a roundabout way is one, too
        yield disk
    assert str(tmp_path) not in MOUNTS.read_text()


@pytest.fixture
def own_web(start: Callable[..., Any], own_server: RedisServer) -> Web:
    """One web process, whose Redis nobody else uses."""
    web: Web = start(Web, REDIS_URL=own_server.url, WEB_CONCURRENCY="1")
    eventually(lambda: web.status()["redis"] == "up")
    return web


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
def list_worker(start: Callable[..., Any], redis: Redis) -> Process:
    """A worker of the list, which is known to be there."""
    process: Process = start(Process, LIST_WORKER)
    eventually(lambda: WAYS["list"].workers(redis))
    return process
