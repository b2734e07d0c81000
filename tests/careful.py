"""What tests of the patterns that keep a message until it is done need: death, and less waiting."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from messaging.connection import BLOCK, REPLY_WITHIN, connect
from messaging.receiving.contract import Batch, Consumer, Item, Ready
from patterns import PATTERNS
from starting.parts import server_command
from starting.ports import is_open
from tests.parts import Listener
from tests.places import keys
from tests.processes import Process, eventually

CAREFUL = [name for name, pattern in PATTERNS.items() if pattern.redelivers]
each_careful = pytest.mark.parametrize("name", CAREFUL)

LEASE, HEARTBEAT_INTERVAL = 1.0, 0.2  # seconds, here
# A listener script that counts others as dead sooner, and that a message «poison» kills.
HASTY = f"""
import importlib, os, signal, sys
from messaging import connection
from messaging.receiving import events, script
from patterns import PATTERNS
from patterns.machinery import groups, lease
connection.BLOCK = 0.2
lease.LEASE, lease.HEARTBEAT_INTERVAL = {LEASE}, {HEARTBEAT_INTERVAL}
groups.FORGET_AFTER = 2000
def die(event):
    if isinstance(event, events.Started) and event.message.body == "poison":
        os.kill(os.getpid(), signal.SIGKILL)
name = sys.argv.pop(1)
one = importlib.import_module("listeners." + name)
add_arguments = getattr(one, "add_arguments", script.no_arguments)
sys.exit(script.listen(PATTERNS[name], one.receive, one.__doc__, add_arguments, [die]))
"""


class Hasty(Listener):
    """Such a listener, with --json or without."""

    def __init__(self, pattern: str, *options: str, **environ: str) -> None:
        command = [sys.executable, "-c", HASTY, pattern, *options]
        Process.__init__(self, command, environ=environ)
        self.must(lambda: "Listening" in self.text)

    def told(self, kind: str) -> list[dict[str, Any]]:
        return [line for line in self.lines() if kind in line]


class Hand:
    """A receiving end that goes on only when asked to, and can die with what it has in hand."""

    def __init__(self, name: str, consumer: str = "", named: str = "", **options: Any) -> None:
        self.consumer = Consumer(name=named) if named else Consumer()
        self.consumer.id = consumer or self.consumer.id  # who comes back has the same id
        receive = import_module(f"listeners.{name}").receive
        redis = connect(BLOCK + REPLY_WITHIN)
        self.items: Iterator[Item] = receive(redis, self.consumer, **options)
        assert isinstance(next(self.items), Ready)

    def takes(self) -> list[bytes]:
        """Be done with what is in hand, and wait for more."""
        return self.next_batch().lines

    def takes_over(self, count: int) -> list[Batch]:
        taken = [self.next_batch() for _ in range(count)]
        assert all(batch.deaths for batch in taken), taken
        return taken

    def dies(self) -> None:
        self.items.close()  # type: ignore[attr-defined]

    def stops(self) -> list[bytes]:
        """Be done with what is in hand, and leave; what it was given until then."""
        self.consumer.stopping.set()
        return [line for item in self.items if isinstance(item, Batch) for line in item.lines]

    def next_batch(self) -> Batch:
        """Be done with what is in hand; what comes next, and how often it failed before."""
        item = next(self.items)
        assert isinstance(item, Batch)
        return item


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is made from now on counts others as dead sooner."""
    monkeypatch.setattr("patterns.machinery.lease.LEASE", LEASE)
    monkeypatch.setattr("patterns.machinery.lease.HEARTBEAT_INTERVAL", HEARTBEAT_INTERVAL)
    for name in CAREFUL:
        monkeypatch.setattr(f"listeners.{name}.BLOCK", 0.2)


def is_clean(redis: Redis, name: str) -> bool:
    """Whether nothing is left behind but the place itself, and there nothing to do."""
    pattern = PATTERNS[name]
    only_the_place = set(keys(redis)) <= {pattern.place.encode()}
    return only_the_place and pattern.store.unfinished(redis) == 0


def server_of(version: str) -> str:
    """A redis-server of this version; skips, saying so, where there is none."""
    wheel = str(Path(sys.prefix) / "bin" / "redis-server")
    for path in (shutil.which("redis-server"), wheel):
        if path and Path(path).exists():
            said = subprocess.run([path, "--version"], capture_output=True, text=True, check=True)
            if f"v={version}" in said.stdout:
                return path
    pytest.skip(f"no redis-server {version} on the PATH or in {wheel}")


class OtherServer(Process):
    """A Redis of another version or with other options than the tests' own."""

    def __init__(self, port: int, folder: Path, version: str, *options: str) -> None:
        self.port, self.url = port, f"redis://127.0.0.1:{port}/5"
        super().__init__([*server_command(server_of(version), port, str(folder)), *options])
        eventually(lambda: is_open(port))
