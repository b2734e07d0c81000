"""One consumer of a run: its process, and all processes that it has started."""

import secrets
import signal
from collections.abc import Sequence
from contextlib import suppress

import psutil

from starting.output import LogFiles
from starting.ports import local_ports
from starting.process import Environ, Process

MARK = "CONSUMER_MARK"  # in the environment of a consumer and of all that it starts


def runs(process: psutil.Process) -> bool:
    """Whether it has not ended; who has ended and was not waited for is a zombie."""
    with suppress(psutil.NoSuchProcess):
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    return False


def ports_of(process: Process) -> set[int]:
    """The ports from which this process and its children are connected."""
    return {port for pid in process.members() for port in local_ports(pid)}


class Consumer(Process):
    """One life of a consumer, which may have children: they inherit its mark."""

    at_our_end = signal.SIGKILL  # it may be frozen, and would not hear of any other signal

    def __init__(self, command: Sequence[str], environ: Environ, files: LogFiles) -> None:
        self._mark = secrets.token_hex(8)
        super().__init__(command, {**environ, MARK: self._mark}, files)

    def members(self) -> list[psutil.Process]:
        """It, its descendants, and those of them whose parent has ended."""
        found = super().members()
        for one in psutil.process_iter():
            with suppress(psutil.Error):  # it has ended, or is somebody else's
                if one.environ().get(MARK) == self._mark and one not in found:
                    found.append(one)
        return [one for one in found if runs(one)]

    def gets(self, number: signal.Signals) -> None:
        """Send a signal to the process and all its descendants, whatever their session."""
        for one in self.members():
            with suppress(psutil.NoSuchProcess):
                one.send_signal(number)

    def is_frozen(self) -> bool:
        """Return whether every process of it is stopped."""
        members = self.members()
        return bool(members) and all(one.status() == psutil.STATUS_STOPPED for one in members)

    def kill(self) -> None:
        """Kill it and all its descendants, whatever their session."""
        self.gets(signal.SIGKILL)
        super().kill()
