"""The processes of a run: a Redis of its own, listeners, and the producer."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from redis import Redis, RedisError

from lab.accounting import Received
from starting.children import ROOT, be_a_child
from starting.redis_server import find_server, server_command

TICK = 0.01  # second between two looks at a condition
STARTS_WITHIN = 15  # seconds
POISON = "poison"  # the body of a message that kills
STOPS_WITHIN = 8  # seconds; then it is killed


class FailedRunError(Exception):
    """The run could not be made, and a sentence why: its figures would mean nothing."""


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Wait until it holds, at most so long; whether it does."""
    deadline = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < deadline:
        time.sleep(TICK)
    return met


class Tail:
    """How many lines a file has that others write."""

    def __init__(self, path: Path) -> None:
        self._path, self._read, self._lines = path, 0, 0

    def lines(self) -> int:
        if self._path.exists() and self._path.stat().st_size > self._read:
            with self._path.open("rb") as file:
                file.seek(self._read)
                chunk = file.read()
            self._read += len(chunk)
            self._lines += chunk.count(b"\n")
        return self._lines


class Part:
    """A process in a session of its own; what it prints is added to files."""

    def __init__(
        self,
        command: Sequence[str],
        out: Path,
        environ: Mapping[str, str],
        stdin: int | None = None,
    ) -> None:
        self.out, self.err = out.with_suffix(".jsonl"), out.with_suffix(".txt")
        with self.out.open("ab") as out_file, self.err.open("ab") as err_file:
            self._said_before = err_file.tell()
            self._heard_before = out_file.tell()
            self.popen = subprocess.Popen(  # noqa: S603
                command,
                cwd=ROOT,
                env={**os.environ, **environ},
                stdin=stdin or subprocess.DEVNULL,
                stdout=out_file,
                stderr=err_file,
                start_new_session=True,
                preexec_fn=be_a_child,
            )

    def said(self) -> str:
        """What it wrote for people, since this process began."""
        with self.err.open("rb") as file:
            file.seek(self._said_before)
            return file.read().decode(errors="replace")

    def has_printed(self) -> bool:
        return self.out.stat().st_size > self._heard_before

    def signal(self, number: signal.Signals) -> None:
        if self.popen.poll() is None:
            os.killpg(self.popen.pid, number)

    def stop(self) -> None:
        """As a person would; then as a person would whose patience is over."""
        self.signal(signal.SIGTERM)
        try:
            self.popen.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        self.popen.wait()
        if self.popen.stdin:
            self.popen.stdin.close()


class Server(Part):
    """A Redis that belongs to one run."""

    def __init__(self, folder: Path, port: int, options: Sequence[str]) -> None:
        self.port = port
        command = [*server_command(find_server(), port, str(folder)), *options]
        super().__init__(command, folder / "redis-server", {})
        with Redis(port=port) as client:
            wait_until(lambda: self.has_ended() or self._answers(client), STARTS_WITHIN)
            is_there = self._answers(client)
        if not is_there:
            self.kill()
            raise FailedRunError(f"The Redis of this run did not start; see {folder}/redis.log.")

    def has_ended(self) -> bool:
        return self.popen.poll() is not None

    def _answers(self, client: Redis) -> bool:
        """Whether it is this one: another run may have taken the port just before."""
        try:
            return bool(client.ping()) and client.info("server")["process_id"] == self.popen.pid
        except RedisError:
            return False


class Listener(Part):
    """A consumer that prints a line of JSON for each message."""

    def __init__(self, name: str, command: Sequence[str], folder: Path, environ: Mapping[str, str]):
        self.name = name
        super().__init__(command, folder / name, environ)

    def is_ready(self) -> bool:
        """It said so, or has received something."""
        return "Listening to " in self.said() or self.has_printed()


def read_log(path: Path) -> list[Received]:
    """The messages in the order of the log; a torn last line is none.

    A consumer of the reader's own may leave out what we can tell: the id is from-seq. A message
    that was put aside as a dead letter was received, if not done; no time is told for it.
    """
    messages = []
    for line in path.read_bytes().splitlines() if path.exists() else []:
        try:
            told = json.loads(line)
        except ValueError:
            continue
        if isinstance(told, dict) and ("body" in told or "dead" in told):
            sender, seq = told.get("from"), told.get("seq")
            id_ = told.get("id") or (f"{sender}-{seq}" if sender else None)
            messages.append(Received(id_, float(told.get("received") or 0.0)))
    return messages


def script(link: str, name: str, *options: str) -> list[str]:
    """The command of one of our listeners."""
    return [sys.executable, f"listeners/{link}.py", "--json", "--name", name, *options]
