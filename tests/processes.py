"""Processes under test: started as a person would, read line by line, and always ended."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from starting.redis_server import find_server, server_command

ROOT = Path(__file__).resolve().parents[1]
DEADLINE = 15  # seconds for anything that has to happen

T = TypeVar("T")


def eventually(look: Callable[[], T], within: float = DEADLINE) -> T:
    """What `look` gives as soon as that is true of it; fails after the deadline."""
    deadline = time.monotonic() + within
    while not (found := look()):
        assert time.monotonic() < deadline, f"not within {within} s: {look}"
        time.sleep(0.01)
    return found


def is_open(port: int) -> bool:
    """Whether something takes connections there."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Process:
    """A process whose output and errors are read as they come."""

    def __init__(
        self,
        command: Sequence[str | Path],
        cwd: Path = ROOT,
        environ: Mapping[str, str | None] | None = None,
    ) -> None:
        merged = {**os.environ, "PYTHONUNBUFFERED": "", **(environ or {})}
        self.popen = subprocess.Popen(
            [str(word) for word in command],
            cwd=cwd,
            env={name: value for name, value in merged.items() if value is not None},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.out: list[str] = []
        self.err: list[str] = []
        self._readers = [
            threading.Thread(target=_read, args=(stream, lines), daemon=True)
            for stream, lines in ((self.popen.stdout, self.out), (self.popen.stderr, self.err))
        ]
        for reader in self._readers:
            reader.start()

    @property
    def text(self) -> str:
        """All that it said so far."""
        return "".join([*self.out, *self.err])

    def says(self, text: str, within: float = DEADLINE) -> None:
        """Wait until it has said that."""
        deadline = time.monotonic() + within
        while text not in self.text:
            assert time.monotonic() < deadline, f"{text!r} was not said in:\n{self.text}"
            assert self.popen.poll() is None or text in self.ended(), self.text
            time.sleep(0.01)

    def gets(self, number: signal.Signals) -> None:
        self.popen.send_signal(number)

    def ended(self, within: float = DEADLINE) -> str:
        """Wait for its end; all that it said."""
        self.popen.wait(within)
        for reader in self._readers:
            reader.join(within)
        return self.text

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """Send a signal; the exit code and the seconds it took."""
        start = time.monotonic()
        self.gets(number)
        self.ended()
        return self.popen.returncode, time.monotonic() - start

    def kill(self) -> None:
        """End it and whatever it started in its session."""
        if self.popen.poll() is None:
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.ended()
        for stream in (self.popen.stdout, self.popen.stderr):
            if stream:
                stream.close()


class RedisServer(Process):
    """A Redis of the tests' own."""

    def __init__(self, port: int, folder: Path, *options: str) -> None:
        self.port = port
        self.url = f"redis://127.0.0.1:{port}/5"
        super().__init__([*server_command(find_server(), port, str(folder)), *options])
        eventually(lambda: is_open(port))


class Web(Process):
    """The web under gunicorn, on a port of its own."""

    def __init__(self, **environ: str | None) -> None:
        self.port = free_port()
        self.host = f"127.0.0.1:{self.port}"
        super().__init__(
            [sys.executable, "-m", "gunicorn", "web:app"],
            environ={"PORT": str(self.port), **environ},
        )
        eventually(lambda: is_open(self.port))

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


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    def json(self) -> dict[str, Any]:
        fields = json.loads(self.text)
        assert isinstance(fields, dict)
        return fields


class Listener(Process):
    """A listener script with --json."""

    def __init__(
        self, pattern: str, *options: str, waits_for: str = "Listening", **environ: str | None
    ) -> None:
        script = f"listeners/{pattern}.py"
        super().__init__([sys.executable, script, "--json", *options], environ=environ)
        if waits_for:
            self.says(waits_for)

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out if line.endswith("\n")]

    def messages(self) -> list[dict[str, Any]]:
        return [line for line in self.lines() if "body" in line]

    def missed(self) -> list[dict[str, Any]]:
        return [line for line in self.lines() if "missed" in line]

    def receives(self, count: int, within: float = DEADLINE) -> list[dict[str, Any]]:
        """Wait for at least so many messages."""
        eventually(lambda: len(self.messages()) >= count, within)
        return self.messages()


def _read(stream: Any, lines: list[str]) -> None:
    for line in stream:
        lines.append(line)  # they are looked at while they come
