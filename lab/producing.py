"""The producer of a run: its process, which is told what to send, and when to stop."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from subprocess import PIPE

from lab.history.files import PRODUCER, log_files
from lab.job import FailedRunError
from lab.tails import Written
from lab.workloads import STOP, Load
from starting.process import Environ, Process, wait_until

ACKNOWLEDGED_WITHIN, SLOWEST = 4.0, 50  # seconds, and messages/s that are waited for
SENT_WITHIN = 60.0  # seconds after the time at which the last message is due


class Producer(Process):
    """Runs lab/producer.py, and writes a line of JSON to its input for each load."""

    def __init__(
        self, command: Sequence[str], folder: Path, environ: Environ, written: Written
    ) -> None:
        super().__init__(command, environ=environ, files=log_files(folder, PRODUCER), stdin=PIPE)
        self._written, self._loads = written, 0
        self._load = Load()
        self.planned = 0  # messages that it was told to send
        self.must(self.stdout.has_any)

    def start(self, load: Load) -> None:
        """Begin to send a load."""
        self._load = load
        self._loads += 1
        self._say(json.dumps(asdict(load)))
        begun = self._loads - 1
        if not wait_until(lambda: self._written.read().begun == begun, SENT_WITHIN, self.has_ended):
            raise FailedRunError(f"The producer did not begin. {self.stderr.text()[-300:]}")

    def end(self) -> None:
        """Tell it to stop where the load goes on, and wait until all of it is sent."""
        if self._load.goes_on:
            self._say(STOP)
        seconds = SENT_WITHIN + (self._load.least / self._load.rate if self._load.rate else 0)
        done, written = self._loads - 1, self._written
        if not wait_until(lambda: written.read().done == done, seconds, self.has_ended):
            raise FailedRunError(f"The producer did not end in time. {self.stderr.text()[-300:]}")
        self.planned += self._load.planned(written.lasted)

    def send(self, load: Load) -> None:
        """Send a load, and wait until all of it is sent."""
        self.start(load)
        self.end()

    def wait_for(self, messages: int) -> int:
        """Wait until so many more messages are acknowledged; return how many are in the end."""
        before = self._written.read().acknowledged
        wait_until(
            lambda: self._written.read().acknowledged >= before + messages,
            ACKNOWLEDGED_WITHIN + messages / SLOWEST,
            unless=self.has_ended,
        )
        return self._written.read().acknowledged - before

    def _say(self, line: str) -> None:
        try:
            if self.popen.stdin:
                self.popen.stdin.write(line.encode() + b"\n")
                self.popen.stdin.flush()
        except BrokenPipeError as error:
            raise FailedRunError(f"The producer has ended. {self.stderr.text()[-300:]}") from error
