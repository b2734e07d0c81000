"""The consumers of a run: their processes, which come, are hit by faults, and stop."""

import math
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

from lab.consumer import Consumer, ports_of, runs
from lab.history.files import log_files
from lab.history.records import Handed, Line, Presence
from lab.server import Server
from lab.servers import Theirs
from lab.systems import Listener, System
from lab.tails import Reads, Told, Written
from lab.witness import Witness
from messaging.message import printable
from starting.ports import busy_ports
from starting.process import wait_until

READY_WITHIN = 10.0  # seconds
STOPS_WITHIN = 8.0  # seconds; then a consumer is killed
NOTICED_WITHIN = 0.6  # seconds in which Redis notices that a connection is closed
QUIET = 0.6  # seconds without a new message, after which none is on its way


class Consumers:
    """Starts and stops consumers by name; all lives of a name write into one log."""

    def __init__(
        self, system: System, folder: Path, server: Server, written: Written, is_watched: bool
    ) -> None:
        """If `is_watched`, each of them has a witness between it and Redis."""
        self._system, self._folder, self._server = system, folder, server
        self._is_theirs = isinstance(server, Theirs)
        self._written, self._is_watched = written, is_watched
        self._kinds: dict[str, Listener] = {}  # by name
        self._numbers = count(1)  # of connections
        self._counted, self._counted_at = -1, time.monotonic()  # messages, and since when so many
        self.by_name: dict[str, Consumer] = {}  # the latest life of each
        self.told: dict[str, Told] = {}
        self.reads = Reads(folder)
        self.witnesses: dict[str, Witness] = {}
        self.since: dict[str, float] = {}  # when each had received a message for the first time
        self.codes: dict[str, list[int]] = {}  # with which those that were stopped ended
        self.breaches: list[str] = []  # sentences on those that did not stop as they should

    def start(self, *listeners: Listener) -> None:
        for one in listeners:
            self._kinds[one.name] = one
            self.start_again(one.name)

    def start_again(self, *names: str) -> None:
        """Start these as they were started before; who still runs is killed."""
        for name in names:
            if name in self.by_name:
                self.by_name[name].kill()
            one = self._kinds[name]
            environ = self._system.environ(one, self._url(name))
            if self._is_theirs:
                environ["LIVE"] = "0"
            command, files = self._system.consumer(one), log_files(self._folder, name)
            self.by_name[name] = Consumer(command, environ=environ, files=files)
            self.told.setdefault(name, Told(self._folder, name))
            self.reads.add(name)

    def _url(self, name: str) -> str:
        if not self._is_watched:
            return self._server.url
        if name not in self.witnesses:
            self.witnesses[name] = self.witness(name, self._system.pattern.commands.take[0])
        return self.witnesses[name].url

    def witness(self, name: str, mark: str) -> Witness:
        """A new witness; connections on which this command was sent can go silent."""
        return Witness(name, self._server.url, self._numbers, mark.encode())

    def bring_back(self, *names: str) -> None:
        """Start these as before, and wait until those that say so are ready."""
        self.start_again(*names)
        self.wait_ready(*names)

    def wait_ready(self, *names: str) -> None:
        """Wait until those that say so are ready; raises NotStartedError."""
        for name in names:
            if self._system.says_ready:
                one = self.by_name[name]
                one.must(lambda one=one: self._system.is_ready(one), READY_WITHIN)  # type: ignore[misc]

    def have_received(self, *names: str, after: float = 0.0) -> bool:
        """Whether each of these, or of all, has told of a message written after that moment."""
        names = names or (*self.by_name,)
        received = [name for name in names if self._has_received(name, after)]
        self.reads.look()  # so that its line was seen before the moment that is noted here
        for name in received:
            self.since.setdefault(name, time.time())
        return len(received) == len(names)

    def _has_received(self, name: str, after: float) -> bool:
        self.told[name].count()
        return self._written.any_after(after, reversed(self.told[name].ids[-200:]))

    def stop(self, *names: str) -> dict[str, Any]:
        """Stop these with SIGTERM, and wait until Redis hands them no message any more.

        Returns the evidence: exit codes, and the seconds until the last one had ended.
        """
        stopped = {name: self.by_name[name] for name in names}
        self.breaches += self.last_words(*names)
        ports = {port for one in stopped.values() for port in ports_of(one)}
        members = {name: one.members() for name, one in stopped.items()}
        begun = time.monotonic()
        for one in stopped.values():
            self._system.stop(one)
        for name, processes in members.items():
            rest = begun + STOPS_WITHIN - time.monotonic()
            wait_until(lambda all_=processes: not any(map(runs, all_)), rest)  # type: ignore[misc]
            alive = [one for one in processes if runs(one)]
            for one_alive in alive:
                one_alive.kill()
            if alive:
                many = f"{len(alive)} of its processes" if len(processes) > 1 else "it"
                self.breaches.append(f"{name} was stopped by SIGTERM, and {many} went on.")
        codes = {name: int(one.popen.wait(STOPS_WITHIN)) for name, one in stopped.items()}
        for name, code in codes.items():
            self.codes.setdefault(name, []).append(code)
        seconds = round(time.monotonic() - begun, 3)
        wait_until(lambda: not ports & busy_ports() and self._are_gone(*names), NOTICED_WITHIN)
        return {"codes": codes, "seconds": seconds}

    def _are_gone(self, *names: str) -> bool:
        return not any(self.witnesses[n].connections() for n in names if n in self.witnesses)

    def last_words(self, *names: str) -> list[str]:
        """The last line of each of these, or of all, that ended by itself."""
        return [
            f"{name} ended by itself: {printable(one.stderr.last_line()[:200]) or 'without a word'}"
            for name, one in self.by_name.items()
            if one.has_ended() and (name in names or not names)
        ]

    def count(self) -> int:
        """How many messages all have told of so far, in all their lives."""
        return sum(one.count() for one in self.told.values())

    def is_quiet(self) -> bool:
        """Whether none has told of a message for a while, whatever else it prints."""
        if (count := self.count()) != self._counted:
            self._counted, self._counted_at = count, time.monotonic()
        return time.monotonic() - self._counted_at > QUIET

    def wait_for_handing(self, name: str, within: float = 5.0) -> bool:
        """Wait until this one is handed another message, which is then in its hand."""
        handed = self.witnesses[name].handed
        before = len(handed)
        return wait_until(lambda: len(handed) > before, within)

    def presences(self) -> dict[str, Presence]:
        kinds, never = self._kinds.items(), math.inf
        return {name: Presence(self.since.get(name, never), one.work) for name, one in kinds}

    def testimony(self) -> Iterator[tuple[str, Line | Handed]]:
        for one in self.witnesses.values():
            yield from one.testimony()

    def close(self) -> None:
        self.reads.close()
        for consumer in self.by_name.values():
            consumer.kill()
        for witness in self.witnesses.values():
            witness.close()
