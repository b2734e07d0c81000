"""The consumers of a run: our listeners, plain ones, or those of the reader's own command."""

import signal
import sys
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import psutil

from lab.history import MessageCounter, Settings, log_files
from lab.server import Server
from patterns.declaration.pattern import Pattern
from starting.parts import listener_command
from starting.ports import busy_ports, local_ports
from starting.process import Process, wait_until
from starting.proxy import Proxy

FRAGILE = "lab.fragile"  # the module that runs a listener which the poison kills
READY_WITHIN = 10.0  # seconds
STOPS_WITHIN = 8  # seconds; then a consumer is killed
NOTICED_WITHIN = 0.6  # seconds in which Redis notices that a connection is closed
SOON = 3.0  # seconds within which a consumer that prints no «Listening» prints what it receives
QUIET = 0.6  # seconds without a new line, after which nothing is on its way


def ports_of(*parts: Process) -> set[int]:
    """The ports from which these processes and their children are connected."""
    return {port for part in parts for pid in part.members() for port in local_ports(pid)}


class Consumer(Process):
    """One life of a consumer: a listener of ours, or a shell that may have children."""

    def is_ready(self) -> bool:
        """Whether it has said so."""
        return "Listening to " in self.stderr.text()

    def gets(self, number: signal.Signals) -> None:
        """Send a signal to the process and all its descendants, whatever their session."""
        for one in self.members():
            with suppress(psutil.NoSuchProcess):
                one.send_signal(number)

    def is_frozen(self) -> bool:
        """Return whether every process of it is stopped."""
        return all(one.status() == psutil.STATUS_STOPPED for one in self.members())

    def kill(self) -> None:
        """Kill it and all its descendants, whatever their session."""
        self.gets(signal.SIGKILL)
        super().kill()


class Consumers:
    """Starts and stops consumers by name; all lives of a name write into one log."""

    def __init__(self, pattern: Pattern, settings: Settings, folder: Path, server: Server) -> None:
        self._pattern, self._settings, self._folder = pattern, settings, folder
        self._server = server
        self.by_name: dict[str, Consumer] = {}  # the latest life of each
        self._counters: dict[str, MessageCounter] = {}
        self._counted, self._counted_at = -1, time.monotonic()  # messages, and since when so many
        self._before: dict[str, int] = {}  # messages of earlier lives
        self.ready_at: dict[str, float] = {}  # when each was ready for the first time
        self.breaches: list[str] = []  # sentences on those that did not stop as they should

    def start(
        self, name: str, work: float = 0.0, proxy: Proxy | None = None, fragile: bool = False
    ) -> None:
        """Start or restart one that works so long on each message and may die of poison."""
        if name in self.by_name:
            self.by_name[name].kill()
        url = proxy.url if proxy else self._server.url
        environ = {"REDIS_URL": url, "PLACE": self._pattern.place, "NAME": name}
        if proxy or self._settings.url:
            environ["LIVE"] = "0"
        command, files = self._command(name, work, fragile), log_files(self._folder, name)
        self.by_name[name] = Consumer(command, environ=environ, files=files)
        self._counters.setdefault(name, MessageCounter(self._folder / f"{name}.jsonl"))
        self._before[name] = self.count(name)

    def _command(self, name: str, work: float, fragile: bool) -> list[str]:
        if self._settings.listener:
            return ["sh", "-c", self._settings.listener]
        if self._settings.client == "plain":
            return [sys.executable, "-m", "lab.plain", self._pattern.name, name]
        options = ["--json", "--name", name, "--work", str(work)]
        options += self._pattern.listener_options(name)
        if fragile:
            return [sys.executable, "-m", FRAGILE, self._pattern.script, *options]
        return listener_command(self._pattern.script, *options)

    def wait_for(self, *names: str) -> None:
        """Wait until these say that they are ready, or have received something."""
        for name in names:
            consumer = self.by_name[name]
            if not self._settings.listener and self._settings.client == "ours":  # it says so
                consumer.must(consumer.is_ready, READY_WITHIN)
            elif self.ready_at:  # empty before the first probe, when nothing arrives yet
                wait_until(partial(self.has_received, name), SOON)
            else:
                continue
            self.ready_at.setdefault(name, time.time())

    def listen(self, *names: str, **how: Any) -> None:
        """Start these, `how` as in `start`, and wait until they are ready."""
        for name in names:
            self.start(name, **how)
        self.wait_for(*names)

    def stop(self, *names: str) -> None:
        """Stop these, and wait until Redis has noticed it and hands them no message any more."""
        stopped = [self.by_name[name] for name in names]
        ports = ports_of(*stopped)
        members = {name: self.by_name[name].members() for name in names}
        for consumer in stopped:
            consumer.gets(signal.SIGTERM)
        for name, processes in members.items():
            _, alive = psutil.wait_procs(processes, STOPS_WITHIN)
            for one in alive:
                one.kill()
            if alive:
                many = f"{len(alive)} of its processes" if len(processes) > 1 else "it"
                self.breaches.append(f"{name} was stopped by SIGTERM, and {many} went on.")
        wait_until(lambda: not ports & busy_ports(), NOTICED_WITHIN)

    def last_words(self) -> list[str]:
        """The last line of each that ended by itself."""
        return [
            f"{name} ended by itself: {(one.stderr.last_line() or 'without a word')[:200]}"
            for name, one in self.by_name.items()
            if one.has_ended()
        ]

    def count(self, *names: str) -> int:
        """How many messages these, or all, have printed so far, in all their lives."""
        return sum(self._counters[name].count() for name in names or self.by_name)

    def has_received(self, name: str) -> bool:
        """Whether the present life of this one has printed a message."""
        return self.count(name) > self._before[name]

    def wait_for_messages(self, count: int, *names: str) -> None:
        """Wait until these, or all, have printed so many more messages."""
        before = self.count(*names)
        wait_until(lambda: self.count(*names) >= before + count, 5)

    def is_quiet(self) -> bool:
        """Whether none has told of a message for a while, whatever else it prints."""
        if (count := self.count()) != self._counted:
            self._counted, self._counted_at = count, time.monotonic()
        return time.monotonic() - self._counted_at > QUIET
