"""The producer's process as a run sees it, which takes commands."""

import json
import sys
from pathlib import Path
from subprocess import PIPE

from lab.history import PRODUCER, FailedRunError, log_files
from starting.process import Environ, Process
from starting.waiting import wait_until

SENT_WITHIN = 60.0  # seconds after the time at which the last message is due


class Producer(Process):
    """Runs lab/producer.py, and writes a line of JSON to its input for each command."""

    def __init__(self, link: str, client: str, folder: Path, environ: Environ, seed: int) -> None:
        command = [sys.executable, "-m", "lab.producer", link, client]
        super().__init__(command, environ=environ, files=log_files(folder, PRODUCER), stdin=PIPE)
        self._seed, self._commands = seed, 0
        self.asked = 0  # messages that it was told to send
        self.must(self.stdout.has_any)

    def send(self, count: int, rate: float = 0.0, body: str = "x", wait: bool = True) -> None:
        """Send `count` messages at `rate` per second, or all at once when it is 0."""
        self.asked += count
        seed = self._seed + self._commands  # no two commands have the same schedule
        command = {"rate": rate, "count": count, "seed": seed, "body": body}
        if self.popen.stdin:
            self.popen.stdin.write(json.dumps(command).encode() + b"\n")
            self.popen.stdin.flush()
        self._commands += 1
        if wait:
            self.wait(count / rate if rate else 0)

    def wait(self, seconds: float = 0.0) -> None:
        """Wait until the last command is done, which takes so long; raises FailedRunError."""
        done = f'{{"done": {self._commands - 1}}}'
        if not wait_until(lambda: self.stdout.last_line() == done, seconds + SENT_WITHIN):
            said = self.stderr.text()[-300:]
            raise FailedRunError(f"The producer did not end in time. {said}")
