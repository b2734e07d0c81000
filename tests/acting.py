"""A demo that a test asks for things as its page does, and whoever must notice nothing of it."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, NamedTuple
from urllib.request import urlopen

import psutil
from redis import Redis

from controls import wire
from controls.wire import OnStage, Stage
from starting.ports import local_ports
from tests.parts import Answer, Demo, Listener, Web
from tests.processes import PROMPTLY, eventually

PATTERNS_PLAYED = ("prodcons", "pubsub", "reliable")
COMMAND = ["-m", "starting.demo", *PATTERNS_PLAYED]


class Seen(NamedTuple):
    """What can be seen of a process from outside, and must not change."""

    pid: int
    created: float
    is_stopped: bool
    ports: frozenset[int]  # local ones of its connections


class Playing:
    """A demo, its web as a client asks it, and listeners that were started by hand beside it."""

    def __init__(self, start: Callable[..., Any], demo: Demo) -> None:
        self.demo, self._start = demo, start
        demo.says("and click.")
        self.web = Asked(demo.port)
        self.redis = Redis.from_url(demo.environ["REDIS_URL"], driver_info=None)
        self.by_hand: dict[str, Listener] = {}
        eventually(lambda: self.stage().listeners)
        self._said_before = ["", ""]

    def secret(self) -> str:
        with urlopen(f"http://{self.web.host}/") as page:
            found = re.search(r'data-control="(\w+)"', page.read().decode())
        assert found
        return found[1]

    def act(self, verb: str, target: str = "", **options: int) -> Answer:
        """Ask as static/front/act.js does."""
        fields = {"secret": self.secret(), "target": target, **options}
        return self.web.post(verb, fields)

    def done(self, verb: str, target: str = "", **options: int) -> str:
        """Ask, and return the sentence that says that it was done."""
        answer = self.act(verb, target, **options)
        assert answer.status == 200, answer.text
        assert answer.json()["outcome"] == "done"
        return str(answer.json()["sentence"])

    def refused(self, status: int, verb: str, target: str = "", **options: int) -> str:
        """Ask, and return the sentence that says why not."""
        answer = self.act(verb, target, **options)
        assert answer.status == status, answer.text
        return str(answer.json()["error"])

    def stage(self) -> Stage:
        """What the demo says that it has started."""
        return wire.look(self.redis, self.secret()) or Stage()

    def own(self, name: str) -> OnStage:
        return self.stage().listeners[name]

    def shown(self) -> dict[str, Any]:
        """The same, as each of the two web processes shows it, at last."""
        stage = asdict(self.stage())
        eventually(lambda: all(self.web.status()["stage"] == stage for _ in range(10)), PROMPTLY)
        return stage

    def listen(self, pattern: str) -> Listener:
        """Start a listener by hand, as its user would, without the demo."""
        url = self.demo.environ["REDIS_URL"]
        one: Listener = self._start(Listener, pattern, "--name", "by-hand", REDIS_URL=url)
        self.by_hand[pattern] = one
        return one

    def seen(self, pid: int) -> Seen:
        process = psutil.Process(pid)
        is_stopped = process.status() == psutil.STATUS_STOPPED
        return Seen(pid, process.create_time(), is_stopped, frozenset(local_ports(process)))

    def everyone(self) -> dict[str, Seen]:
        """All listeners: those of the demo, and those by hand."""
        own = {name: one.pid for name, one in self.stage().listeners.items()}
        hand = {f"by hand: {name}": one.popen.pid for name, one in self.by_hand.items()}
        return {name: self.seen(pid) for name, pid in (own | hand).items()}

    @contextmanager
    def changes_only(self, *names: str) -> Iterator[None]:
        """Nobody else may have changed at the end of the block."""
        before = self.everyone()
        yield
        after = self.everyone()
        for name in before.keys() - {*names}:
            assert after[name]._replace(ports=before[name].ports) == before[name], name
            assert before[name].ports <= after[name].ports, name  # it may open some at any time

    def says(self, pattern: str) -> None:
        """Wait for such a line in the terminal, since it was calm."""
        eventually(lambda: self.said(pattern))

    def said(self, pattern: str) -> list[str]:
        news = zip(self._streams(), self._said_before, strict=True)
        return [one for text, old in news for one in re.findall(pattern, text[len(old) :])]

    def _streams(self) -> list[str]:
        return [self.demo.stdout.text(), self.demo.stderr.text()]

    def calm(self, *patterns: str) -> None:
        """Two normal listeners of each pattern, and nothing that waits."""
        for pattern in patterns or PATTERNS_PLAYED:
            self.done("stage", pattern, listeners=2, ms=0)
        assert self.web.ask("/reset?what=queue", "POST").status == 303
        self._said_before = self._streams()


class Asked(Web):
    """The web of a demo, which the demo starts and ends."""

    def __init__(self, port: int) -> None:
        self.port, self.host = port, f"127.0.0.1:{port}"

    def post(self, verb: str, fields: dict[str, Any], **headers: str) -> Answer:
        body = "&".join(f"{name}={value}" for name, value in fields.items())
        form = {"Content_Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        return self.ask(f"/control/{verb}", "POST", body, **{**form, **headers})


def command_of(pid: int) -> str:
    return " ".join(psutil.Process(pid).cmdline())


def is_gone(pid: int) -> bool:
    return not psutil.pid_exists(pid)
