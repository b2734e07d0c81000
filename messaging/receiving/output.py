"""The standard output of a listener, which may be closed at any time."""

import sys


class OutputClosedError(Exception):
    """The output is closed; the cause is the OSError."""


def write(text: str) -> None:
    """Write to stdout and flush it; raises OutputClosedError."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        raise OutputClosedError from error
