"""Starts, stops and kills the listeners of a run, and reads what they logged."""

import signal
import sys
import time
from collections import defaultdict
from pathlib import Path

from lab.accounting import Received
from lab.consumer import Consumer, Tail, log_files, read_log
from lab.settings import Settings
from patterns.pattern import Pattern
from starting.parts import listener_command
from starting.ports import free_port, local_ports
from starting.process import Process, end
from starting.proxy import Proxy
from starting.waiting import wait_until

READY_WITHIN = 10.0  # seconds
FRAGILE = "lab.fragile"  # the module that runs a listener which the poison kills
STOPS_WITHIN = 8  # seconds; then a listener is killed
SOON = 3.0  # seconds within which a listener that prints no «Listening» receives something
QUIET = 0.6  # seconds without a new line, after which nothing is on its way


def ports_of(*parts: Process) -> set[int]:
    """The ports from which these processes and their children are connected."""
    return {port for part in parts for one in part.members() for port in local_ports(one)}


class Crew:
    """Listeners by name, and the times at which each came and went."""

    def __init__(self, pattern: Pattern, settings: Settings, folder: Path) -> None:
        self.pattern, self.settings, self.folder = pattern, settings, folder
        self.redis_port = free_port()
        self.listeners: dict[str, Consumer] = {}
        self.since: dict[str, float] = {}  # when each was ready for the first time
        self.away: dict[str, list[float]] = defaultdict(list)  # when each went away
        self._tails: dict[str, Tail] = {}

    def url(self, proxy: Proxy | None = None) -> str:
        """Where the parts of this run find Redis: behind the proxy, if there is one."""
        port = proxy.port if proxy else self.redis_port
        return self.settings.url or f"redis://127.0.0.1:{port}/5"

    def listen(self, *names: str, work: float = 0.0, proxy: Proxy | None = None) -> None:
        """Start listeners of these names, and wait until they are ready."""
        for name in names:
            self.start(name, work, proxy)
        self.wait_for(*names)

    def start(
        self, name: str, work: float = 0.0, proxy: Proxy | None = None, fragile: bool = False
    ) -> None:
        """Start or restart a listener that works so long on each message and may die of poison."""
        environ = {"REDIS_URL": self.url(proxy), "PLACE": self.pattern.place, "NAME": name}
        if proxy or self.settings.url:
            environ["LIVE"] = "0"
        if self.settings.listener:
            command = ["sh", "-c", self.settings.listener]
        elif self.settings.client == "plain":
            command = [sys.executable, "-m", "lab.plain", self.pattern.name, name]
        else:
            options = ["--json", "--name", name, *self.pattern.listener_options(name)]
            options += ["--work", str(work)] if work else []
            command = listener_command(self.pattern.script, *options)
            if fragile:
                command[1:2] = ["-m", FRAGILE, self.pattern.script]
        self._tails.setdefault(name, Tail(self.folder / f"{name}.jsonl"))
        if name in self.listeners:
            self.listeners[name].kill()
        files = log_files(self.folder, name)
        self.listeners[name] = Consumer(command, environ=environ, files=files)

    def wait_for(self, *names: str) -> None:
        """Wait until these listeners say that they are ready, or have received something."""
        for name in names:
            if not self.settings.listener and self.settings.client == "ours":  # it says so
                self.listeners[name].must(self.listeners[name].is_ready, READY_WITHIN)
            elif self.since:  # before the first probe nothing arrives
                wait_until(self.listeners[name].stdout.has_any, SOON)
            else:
                continue
            self.since.setdefault(name, time.time())

    def note_absence(self, *names: str) -> None:
        """Note that these listeners, or all, may miss messages from now on."""
        for name in names or self.listeners:
            self.away[name].append(time.time())

    def kill(self, name: str) -> None:
        self.note_absence(name)
        self.listeners[name].kill()

    def stop(self, *names: str) -> None:
        """Stop these listeners, and wait until Redis has noticed that their connections are gone.

        Until then it may still hand a message to one of them.
        """
        self.note_absence(*names)
        listeners = [self.listeners[name] for name in names]
        theirs = ports_of(*listeners)
        for listener in listeners:
            listener.gets(signal.SIGTERM)
        end((listener.popen for listener in listeners), STOPS_WITHIN)
        wait_until(lambda: not theirs & self.clients().keys(), QUIET)

    def clients(self) -> dict[int, str]:
        """The addresses of all clients of Redis by their ports; none where it does not answer."""
        raise NotImplementedError

    def wait_for_lines(self, count: int, *names: str) -> None:
        """Wait until these listeners, or all, have printed `count` more lines."""
        before = self.lines(*names)
        wait_until(lambda: self.lines(*names) >= before + count, 5)

    def log(self, name: str) -> list[Received]:
        """The messages that a listener has logged so far."""
        return read_log(self.folder / f"{name}.jsonl")

    def lines(self, *names: str) -> int:
        """How many lines these listeners, or all, have printed so far."""
        return sum(self._tails[name].lines() for name in names or self.listeners)

    def is_quiet(self, seconds: float = QUIET) -> bool:
        """Whether no listener prints a line for so long."""
        before = self.lines()
        time.sleep(seconds)
        return self.lines() == before

    def last_words(self) -> list[str]:
        """The last line of each listener that ended by itself."""
        sentences = []
        for name, one in self.listeners.items():
            if one.has_ended():
                words = (one.stderr.text().strip().splitlines() or ["without a word"])[-1]
                sentences.append(f"{name} ended by itself: {words[:200]}")
        return sentences

    def logs(self) -> dict[str, list[Received]]:
        return {name: self.log(name) for name in self.listeners}
