"""The producer of a run, as the run sees it: a process that is told what to send, and when."""

import json
import sys
from pathlib import Path
from subprocess import PIPE

from lab.accounting import Sent
from lab.consumer import FailedRunError, log_files
from starting.process import Environ, Process
from starting.waiting import wait_until


class Producer(Process):
    """A process of lab/producer.py."""

    def __init__(self, link: str, client: str, folder: Path, environ: Environ, seed: int) -> None:
        command = [sys.executable, "-m", "lab.producer", link, client]
        super().__init__(command, environ=environ, files=log_files(folder, "producer"), stdin=PIPE)
        self._seed, self._commands = seed, 0
        self.must(self.stdout.has_any)

    def send(self, count: int, rate: float, size: int, body: str) -> None:
        """Begin to send so many messages, at so many a second; 0: all at once."""
        seed = self._seed + self._commands  # each command has a schedule of its own
        command = {"rate": rate, "count": count, "seed": seed, "body": body or "x" * size}
        if self.popen.stdin:
            self.popen.stdin.write(json.dumps(command).encode() + b"\n")
            self.popen.stdin.flush()
        self._commands += 1

    def wait(self, within: float) -> None:
        """Wait until all is sent."""
        done = f'{{"done": {self._commands - 1}}}'
        if not wait_until(lambda: self.stdout.last_line() == done, within):
            said = self.stderr.text()[-300:]
            raise FailedRunError(f"The producer did not end in time. {said}")

    def sent(self) -> tuple[list[Sent], dict[str, int]]:
        """All that was sent; and how many were refused, or unknown without a number."""
        found, others = [], {"refused": 0, "unnamed": 0}
        for line in self.out:
            told = json.loads(line)
            outcome = told.get("outcome")
            if outcome == "refused":
                others["refused"] += len(told["meant"])
            elif outcome and not told["from"]:
                others["unnamed"] += len(told["meant"])
            elif outcome:
                stamps = (told["written"], told["answered"], outcome)
                for seq, meant in enumerate(told["meant"], told["first"]):
                    found.append(Sent(told["from"], seq, meant, *stamps))
        return found, others
