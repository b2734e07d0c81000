"""The producer's process as a run sees it: takes commands, and returns what was sent."""

import json
import sys
from pathlib import Path
from subprocess import PIPE

from lab.accounting import Sent
from lab.consumer import FailedRunError, log_files
from starting.process import Environ, Process
from starting.waiting import wait_until


class Producer(Process):
    """Runs lab/producer.py, and writes a line of JSON to its input for each command."""

    def __init__(self, link: str, client: str, folder: Path, environ: Environ, seed: int) -> None:
        command = [sys.executable, "-m", "lab.producer", link, client]
        super().__init__(command, environ=environ, files=log_files(folder, "producer"), stdin=PIPE)
        self._seed, self._commands = seed, 0
        self.must(self.stdout.has_any)

    def send(self, count: int, rate: float, size: int, body: str) -> None:
        """Begin to send; see Run.send."""
        seed = self._seed + self._commands  # no two commands have the same schedule
        command = {"rate": rate, "count": count, "seed": seed, "body": body or "x" * size}
        if self.popen.stdin:
            self.popen.stdin.write(json.dumps(command).encode() + b"\n")
            self.popen.stdin.flush()
        self._commands += 1

    def wait(self, within: float) -> None:
        """Wait until the last command is done; raises FailedRunError."""
        done = f'{{"done": {self._commands - 1}}}'
        if not wait_until(lambda: self.stdout.last_line() == done, within):
            said = self.stderr.text()[-300:]
            raise FailedRunError(f"The producer did not end in time. {said}")

    def sent(self) -> tuple[list[Sent], dict[str, int]]:
        """All messages that have a number; and how many were refused, or unknown without one."""
        found, others = [], {"refused": 0, "unnamed": 0}
        for line in self.stdout.lines():
            write = json.loads(line)
            outcome = write.get("outcome")
            if outcome == "refused":
                others["refused"] += len(write["meant"])
            elif outcome and not write["from"]:
                others["unnamed"] += len(write["meant"])
            elif outcome:
                stamps = (write["written"], write["answered"], outcome)
                for seq, meant in enumerate(write["meant"], write["first"]):
                    found.append(Sent(write["from"], seq, meant, *stamps))
        return found, others
