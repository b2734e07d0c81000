"""Lets frozen listeners go on when the demo was killed: a frozen process cannot end."""

import subprocess
from collections.abc import Iterable
from contextlib import suppress

# It reads lines of process ids until the demo is gone, by whatever, and wakes those of the last.
SCRIPT = 'while read -r line; do pids=$line; done; [ -z "$pids" ] || kill -CONT $pids 2>/dev/null'


class Waking:
    """A shell that outlives the demo for a moment, from when something is frozen."""

    def __init__(self) -> None:
        self._shell: subprocess.Popen[bytes] | None = None
        self._frozen: list[int] = []

    def note(self, frozen: Iterable[int]) -> None:
        """Note the ids of the processes that are frozen now."""
        if (pids := sorted(frozen)) == self._frozen:
            return
        self._frozen = pids
        if not self._shell:
            self._shell = subprocess.Popen(
                ["sh", "-c", SCRIPT], stdin=subprocess.PIPE, start_new_session=True
            )
        with suppress(OSError):  # somebody has ended it
            if self._shell.stdin:
                self._shell.stdin.write(f"{' '.join(map(str, pids))}\n".encode())
                self._shell.stdin.flush()

    def close(self) -> None:
        if self._shell:
            self.note(())
            self._shell.communicate()
