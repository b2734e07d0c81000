"""The standard output of a listener, and what it prints for programs: JSON lines."""

import json
import sys

from messaging.receiving import events
from messaging.receiving.events import Event


class OutputClosedError(OSError):
    """The output is closed, as it may be at any time."""


def write(text: str) -> None:
    """Write to stdout and flush it; raises OutputClosedError."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        raise OutputClosedError(*error.args) from error


class JsonLines:
    """Prints messages as lines of JSON to stdout, and notes for people to stderr."""

    def __init__(self, listener: str, pattern: str) -> None:
        self._who = {"listener": listener, "pattern": pattern}

    def print(self, event: Event) -> None:
        match event:
            case events.Handled(message, arrived_at):
                whence = {"id": message.id, "from": message.sender, "seq": message.seq}
                what = {"body": message.body, "sent": message.sent, "received": arrived_at}
                self._write(**whence, **what, **self._who)
            case events.Malformed(error, arrived_at):
                self._write(malformed=error.text, received=arrived_at, **self._who)
            case events.Gap(sender, first, last):
                self._write(missed=event.count, **{"from": sender}, first=first, last=last)
            case events.Redelivered(message, deaths):
                self._write(taken_over=message.body, id=message.id, failures=deaths, **self._who)
            case events.DeadLetter(message, deaths):
                self._write(dead=message.body, id=message.id, failures=deaths, **self._who)
            case events.Note(text):
                print(text, file=sys.stderr, flush=True)

    def _write(self, **fields: object) -> None:
        write(json.dumps(fields) + "\n")  # ASCII, which every terminal can show
