"""The parts of the project as processes, and one that keeps clicking."""

import http.client
import json
import re
import subprocess
import sys
import threading
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.request import urlopen
from uuid import uuid4

from attack import secure
from starting import parts
from starting.ports import free_port
from tests.processes import DEADLINE, Process, eventually

__all__ = ["Answer", "Demo", "Listener", "RedisServer", "SecureRedis", "Sending", "Web", "lab"]

GUIDED = r'<li><code(?: data-typed="[^"]*")?>(.*?)</code><button type="button" class="copy"'


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    def json(self) -> dict[str, Any]:
        fields = json.loads(self.text)
        assert isinstance(fields, dict)
        return fields


def lab(*options: object) -> list[str]:
    """The command of the lab with these options."""
    return [sys.executable, "-m", "lab.compare", *map(str, options)]


class RedisServer(parts.RedisServer, Process):
    """A Redis of the tests."""


class SecureRedis(secure.SecureRedis, RedisServer):
    """One of the tests that is reached over TLS."""


class Web(parts.Web, Process):
    """The web, and how a client asks it."""

    def __init__(self, **environ: str) -> None:
        super().__init__(environ)

    def ask(
        self, path: str, method: str = "GET", body: str | None = None, **headers: str
    ) -> "Answer":
        """One request, as curl would send it; header names with _ for -."""
        connection = http.client.HTTPConnection(self.host, timeout=DEADLINE)
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, names)
        response = connection.getresponse()
        answer = Answer(response.status, dict(response.getheaders()), response.read().decode())
        connection.close()
        return answer

    def send(self, path: str, **headers: str) -> dict[str, Any]:
        """Ask a link for JSON, which must say that it was sent."""
        answer = self.ask(path, Accept="application/json", **headers)
        assert answer.status == 200, answer
        return answer.json()

    def status(self) -> dict[str, Any]:
        """What the live page knows."""
        answer = self.ask("/status")
        assert answer.status == 200, answer
        return answer.json()

    def figures(self, pattern: str) -> dict[str, Any]:
        """What the live page knows of a pattern."""
        figures: dict[str, Any] = self.status()["patterns"][pattern]
        return figures


class Listener(Process):
    """A listener, and what it has printed: a line of JSON for each message."""

    def __init__(
        self, pattern: str, *options: str, waits_for: str = "Listening", **environ: str
    ) -> None:
        super().__init__(parts.listener_command(pattern, "--json", *options), environ)
        self.must(lambda: waits_for in self.stderr.text())

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out]

    def messages(self) -> list[dict[str, Any]]:
        return [line for line in self.lines() if "body" in line]

    def missed(self) -> list[dict[str, Any]]:
        return [line for line in self.lines() if "missed" in line]

    def receives(self, count: int, within: float = DEADLINE) -> list[dict[str, Any]]:
        """Wait for at least so many messages."""
        eventually(lambda: len(self.messages()) >= count, within)
        return self.messages()


class Sending(threading.Thread):
    """Asks a link again and again while one is inside; `ids` are those of all messages sent.

    The thread alone writes `ids`; whoever is inside reads them.
    """

    def __init__(self, web: Web, path: str) -> None:
        super().__init__(daemon=True)
        self.web, self.path = web, path
        self.ids: list[str] = []
        self._done = threading.Event()

    def run(self) -> None:
        while not self._done.is_set():
            sent = self.web.send(self.path)
            self.ids += (f"{sent['from']}-{n}" for n in range(sent["first"], sent["last"] + 1))

    def __enter__(self) -> "Sending":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self.join(DEADLINE)


class Demo(Process):
    """The demo, on ports of its own; all that it starts carries a mark."""

    def __init__(self, command: list[str] | None = None, **environ: str) -> None:
        self.mark = f"mark-{uuid4().hex}"
        self.port, self.redis_port = free_port(), free_port()
        command = command or [sys.executable, "-m", "starting.demo"]
        url = f"redis://localhost:{self.redis_port}/5"
        self.environ = {"MARK": self.mark, "PORT": str(self.port), "REDIS_URL": url, **environ}
        super().__init__(command, environ=self.environ)

    def is_up(self, within: float = 30) -> None:
        self.says(f"Open http://127.0.0.1:{self.port} and click.", within)
        eventually(lambda: self.text.count("Listening to task:") == 4)

    def click(self, path: str) -> None:
        subprocess.run(
            ["curl", "-sf", "-o", "/dev/null", f"http://127.0.0.1:{self.port}/{path}"], check=True
        )

    def guide(self) -> list[str]:
        """The commands that the page offers to copy."""
        with urlopen(f"http://127.0.0.1:{self.port}/") as page:
            return [unescape(code) for code in re.findall(GUIDED, page.read().decode())]
