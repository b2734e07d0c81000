"""What is attacked: the project's own processes on a Redis of their own, and what they lost."""

import http.client
import json
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from redis import Redis

from patterns import PATTERNS
from starting.parts import Web, listener_command, own_redis
from starting.process import DEADLINE, Process, wait_until

PROMPTLY = 10  # seconds for what was sent to be received


class Target(ExitStack):
    """A Redis, two web processes and a listener of each pattern, and all that was sent to them.

    `balance` compares what the links answered with what the listeners printed, id by id.
    """

    def __init__(self) -> None:
        super().__init__()
        folder = Path(self.enter_context(TemporaryDirectory(prefix="attack-")))
        self.server = self.add(own_redis(folder))
        self.redis = self.enter_context(Redis.from_url(self.server.url))
        environ = {"REDIS_URL": self.server.url}
        self.web = self.add(Web({**environ, "WEB_CONCURRENCY": "2"}))
        self.listeners = {
            name: self.add(Process(listener_command(name, "--json"), environ)) for name in PATTERNS
        }
        for listener in self.listeners.values():
            listener.must(lambda one=listener: "Listening" in one.stderr.text())
        self.acknowledged: dict[str, list[str]] = {name: [] for name in PATTERNS}
        self.unknown: dict[str, list[str]] = {name: [] for name in PATTERNS}
        wait_until(lambda: self.figures("pubsub").get("there"), DEADLINE)

    def add(self, process: Any) -> Any:
        self.callback(process.kill)
        return process

    def ask(
        self, path: str, method: str = "GET", body: str = "", **headers: str
    ) -> tuple[int, Any]:
        """Return the status and the JSON of an answer; names of headers have _ for -."""
        connection = http.client.HTTPConnection(self.web.host, timeout=DEADLINE)
        named = {"Accept": "application/json"} | {
            k.replace("_", "-"): v for k, v in headers.items()
        }
        try:
            connection.request(method, path, body or None, named)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"{}")
        finally:
            connection.close()

    def send(self, count: int = 1, names: Iterable[str] = PATTERNS) -> Counter[str]:
        """Send so many messages by each link in one click; return how often each outcome came."""
        outcomes: Counter[str] = Counter()
        for name in names:
            _, told = self.ask(f"/{name}?count={count}")
            outcomes[told["outcome"]] += 1
            if "from" in told:
                numbers = range(told["first"], told["last"] + 1)
                ids = [f"{told['from']}-{number}" for number in numbers]
                kept = self.acknowledged if told["outcome"] == "sent" else self.unknown
                kept[name] += ids
        return outcomes

    def figures(self, name: str) -> dict[str, Any]:
        """Return what the live page knows of a pattern."""
        _, status = self.ask("/status")
        return dict(status["patterns"][name])

    def received(self, name: str) -> list[str]:
        """Return the ids that the listener of a pattern has printed so far."""
        lines = map(json.loads, self.listeners[name].stdout.lines())
        return [str(line["id"]) for line in lines if "body" in line]

    def missed(self, name: str) -> int:
        """Return how many messages the listener of a pattern says that it missed."""
        lines = map(json.loads, self.listeners[name].stdout.lines())
        return sum(line.get("missed", 0) for line in lines)

    def balance(self) -> str:
        """Send one more by each link; return what was lost, repeated or invented, or «»."""
        self.send()
        wrong = []
        for name in PATTERNS:
            sent = set(self.acknowledged[name])

            def is_there(name: str = name, sent: set[str] = sent) -> bool:
                return len(sent - set(self.received(name))) <= self.missed(name)

            wait_until(is_there, PROMPTLY)
            received = Counter(self.received(name))
            lost = len(sent - received.keys()) - self.missed(name)
            twice = sum(count > 1 for count in received.values())
            invented = len({*received} - sent - {*self.unknown[name]} - {"None"})
            for count, what in ((lost, "lost"), (twice, "twice"), (invented, "invented")):
                if count > 0:
                    wrong.append(f"{name}: {count} {what}")
        return ", ".join(wrong)
