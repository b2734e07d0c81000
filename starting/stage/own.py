"""One listener that the demo has started, and how it was."""

import signal
import socket
from contextlib import suppress
from dataclasses import dataclass

import psutil

from controls.wire import OnStage
from patterns.declaration.pattern import Pattern
from starting.parts import listener_command
from starting.process import Popen
from starting.stage.line import Line

PYTHON = ".venv/bin/python"  # as one would type it


class RefusedError(Exception):
    """The demo does not do it, or did not see it happen; the message is a sentence."""


@dataclass(frozen=True)
class Part:
    """How a listener is started."""

    pattern: Pattern
    name: str
    ms: int = 0  # of work for each message
    is_oldest_first: bool = False

    @property
    def take(self) -> str:
        """The command by which it takes messages."""
        commands = self.pattern.commands
        return commands.take_oldest if self.is_oldest_first else commands.take[0]

    def command(self) -> list[str]:
        work = ["--work", f"{self.ms / 1000:g}"] if self.ms else []
        order = ["--oldest-first"] if self.is_oldest_first else []
        return listener_command(self.pattern.script, "--name", self.name, *work, *order)

    def typed(self) -> str:
        """Return the command that one would type."""
        return " ".join([PYTHON, *self.command()[1:]])


@dataclass(frozen=True, eq=False)
class Own:
    """A listener of the demo; it may have ended."""

    part: Part
    process: Popen
    line: Line | None  # to Redis; None where it reaches Redis directly

    @property
    def name(self) -> str:
        return self.part.name

    @property
    def pid(self) -> int:
        return self.process.pid

    def is_frozen(self) -> bool:
        """Whether it is stopped, by whomever."""
        with suppress(psutil.Error):
            return bool(psutil.Process(self.pid).status() == psutil.STATUS_STOPPED)
        return False

    def listens(self) -> bool:
        """Whether it has asked for messages, or, without a line, has a connection."""
        if self.line:
            return self.line.has_taken
        with suppress(psutil.Error):
            return any(
                one.status == psutil.CONN_ESTABLISHED or one.family == socket.AF_UNIX
                for one in psutil.Process(self.pid).net_connections("all")
            )
        return False

    def on_stage(self) -> OnStage:
        part, is_kept_out = self.part, bool(self.line and self.line.is_kept_out())
        told = part.pattern.name, self.is_frozen(), part.ms, part.is_oldest_first, is_kept_out
        return OnStage(self.pid, *told)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)
