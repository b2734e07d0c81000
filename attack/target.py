"""What is attacked: the project's own processes on a Redis of their own, and what they lost."""

import json
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from redis import Redis

from attack.links import Links
from patterns import PATTERNS
from patterns.declaration.pattern import Hears
from starting.parts import RedisServer, Web, listener_command, own_redis
from starting.process import DEADLINE, Process, wait_until

SETTLED_WITHIN = 15  # seconds for what was sent to be received
TICK = 0.2  # seconds between two clicks that show what was missed before them


@dataclass(frozen=True)
class Counted:
    """What became of all messages; each is told apart by its id."""

    sent: int  # messages that a link said it has sent
    refused: int  # clicks that were answered by 503: nothing was sent
    unknown: int  # messages of which a link said that nobody knows
    unanswered: int  # messages of clicks that had no answer, or one that says nothing of them
    received: int  # of those sent or unknown
    told: int  # not received, and said so: missed, heard by nobody, or deleted by the attack
    lost: int  # sent, neither received nor told
    twice: int
    invented: int  # received, and never sent

    def wrong(self, may_be_lost: int = 0, may_be_twice: int = 0) -> str:
        """Return what must not be, or «»."""
        most = {"lost": may_be_lost, "twice": may_be_twice, "invented": 0}
        found = {what: asdict(self)[what] for what in most}
        return ", ".join(f"{n} {what}" for what, n in found.items() if n > most[what])


class Target(ExitStack):
    """A Redis, two web processes, a listener of each pattern, and the links that are clicked."""

    def __init__(self, start_redis: Callable[[Path], RedisServer] = own_redis) -> None:
        super().__init__()
        try:
            self._start(start_redis)
        except BaseException:  # then nobody leaves it, and what has started would go on
            self.close()
            raise

    def _start(self, start_redis: Callable[[Path], RedisServer]) -> None:
        folder = Path(self.enter_context(TemporaryDirectory(prefix="attack-")))
        self.server = self.add(start_redis(folder))
        self.redis = self.enter_context(Redis.from_url(f"redis://127.0.0.1:{self.server.port}/5"))
        self.environ = {"REDIS_URL": self.server.url}
        self.web = self.add(Web({**self.environ, "WEB_CONCURRENCY": "2"}))
        self.links = Links(self.web.host)
        self.listeners: dict[str, list[Process]] = {name: [] for name in PATTERNS}
        # Ids of messages that the attack itself deleted; a sender numbers each pattern from 1.
        self.deleted: dict[str, set[str]] = {name: set() for name in PATTERNS}
        for name in PATTERNS:
            self.listen(name)
        wait_until(lambda: self.figures("pubsub").get("there"), DEADLINE)

    def add(self, process: Any) -> Any:
        self.callback(process.kill)
        return process

    def listen(self, name: str) -> None:
        """Start one more listener of a pattern, and wait until it listens."""
        listener = self.add(Process(listener_command(name, "--json"), self.environ))
        listener.must(lambda: "Listening" in listener.stderr.text())
        self.listeners[name].append(listener)

    def replace(self, name: str) -> int:
        """Start one more listener of a pattern and stop the one before it; return its exit code."""
        self.listen(name)
        old = self.listeners[name][-2]
        old.gets(signal.SIGTERM)
        return old.popen.wait(DEADLINE)

    def parts(self) -> dict[str, Process]:
        """Return the processes that are to run, by name."""
        return {"web": self.web} | {name: all_[-1] for name, all_ in self.listeners.items()}

    def ended(self) -> str:
        """Return who has ended, though it was not to."""
        return ", ".join(f"{name} ended" for name, part in self.parts().items() if part.has_ended())

    def tracebacks(self) -> str:
        """Return who has printed a traceback."""
        lists = [[self.web], *self.listeners.values()]
        found = [one for some in lists for one in some if "Traceback" in one.text]
        return "".join(f"a traceback of {one.command}: {one.text[-500:]}" for one in found)

    def memory(self) -> int:
        """Return the bytes that the processes of the web server need together."""
        return sum(one.memory_info().rss for one in self.web.members())

    def figures(self, name: str) -> dict[str, Any]:
        """Return what the live page knows of a pattern; nothing where it refuses to say."""
        _, said = self.links.ask("/status")
        return dict(json.loads(said).get("patterns", {}).get(name, {}))

    def lines(self, name: str) -> list[list[dict[str, Any]]]:
        """Return the lines that each listener of a pattern has printed so far."""
        return [[*map(json.loads, one.stdout.lines())] for one in self.listeners[name]]

    def has_received(self, name: str, ids: Sequence[str]) -> bool:
        """Return whether a listener of a pattern has printed one of these messages."""
        return not {*ids}.isdisjoint(line.get("id") for lines in self.lines(name) for line in lines)

    def counted(self) -> Mapping[str, Counted]:
        """Wait for what was sent to be received, and return what became of it, by pattern."""
        wait_until(self._is_settled, SETTLED_WITHIN)
        return {name: self.count(name) for name in PATTERNS}

    def _is_settled(self) -> bool:
        """Send one more by each link, for it shows what is missing before it."""
        self.links.click_each()
        wait_until(lambda: not any(self.count(name).lost for name in PATTERNS), TICK)
        return not any(self.count(name).lost for name in PATTERNS)

    def count(self, name: str) -> Counted:
        """Return what became of the messages of a pattern so far."""
        links, printed = self.links, self.lines(name)
        sent, unknown = set(links.sent[name]), set(links.unknown[name])
        ids = [[str(line["id"]) for line in lines if line.get("id")] for lines in printed]
        received = {id_ for some in ids for id_ in some}
        missed = {id_ for lines in printed for line in lines for id_ in missing(line)}
        told = (sent - received) & (missed | links.unheard[name] | self.deleted[name])
        # Each listener hears all, or all of them together do.
        apart = ids if PATTERNS[name].hears is Hears.EACH else [[*chain(*ids)]]
        return Counted(
            sent=len(sent),
            refused=links.refused[name],
            unknown=len(unknown),
            unanswered=links.unanswered[name],
            received=len(received & (sent | unknown)),
            told=len(told),
            lost=len(sent - received - told),
            twice=sum(n > 1 for some in apart for n in Counter(some).values()),
            invented=max(0, len(received - sent - unknown) - links.unanswered[name]),
        )


def missing(line: dict[str, Any]) -> Iterator[str]:
    """Yield the ids that a line of a listener says it missed."""
    if "missed" in line:
        for number in range(line["first"], line["last"] + 1):
            yield f"{line['from']}-{number}"
