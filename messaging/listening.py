"""The life of a listener script: read the options, listen until stopped, say what was counted."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from messaging.connection import BLOCK, REPLY_WITHIN, connect
from messaging.listener import Listener
from messaging.options import Own, read_options
from messaging.printing import Json, Terminal
from messaging.report import Report, identity
from messaging.reporting import LIVE, Reporter
from messaging.stopping import Stopping


def listen(
    pattern: str,
    place: str,
    receive: Callable[..., Iterator[list[bytes]]],
    waiting: Callable[..., int] | None = None,
    own: Own | None = None,
    about: str | None = None,
) -> int:
    """Run a listener script until it is stopped, and return its exit code.

    `place` is its queue or channel, `waiting` tells how many messages wait there to be taken (None:
    none ever does, every listener hears all), `own` are options of its own, which both take, with
    their help, and `about` is its docstring.
    """
    replace_closed_streams()
    options = read_options(pattern, about or "", own or {})
    chosen = {name: getattr(options, name) for name in own or {}}
    try:
        # A subscription may be asked for again; what takes a message away may not.
        redis = connect(BLOCK + REPLY_WITHIN) if waiting else connect(retries=1)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    stopping = Stopping()
    stopping.set_by_signals()
    out = (Json if options.json else Terminal)(options.name, pattern)
    how_many = partial(waiting, redis, **chosen) if waiting else None
    listener = Listener(place, how_many, out, options.work, stopping)
    try:
        with reported(listener, identity(pattern, "listener", options.name)):
            code = listener.run(lambda: receive(redis, stopping, **chosen))
        out.close()
        if listener.outage.was_there:
            out.note(listener.summary())
    except OSError as error:
        print(f"Cannot write what was received: {error.strerror}.", file=sys.stderr)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing more to flush
        return 1
    return code


def replace_closed_streams() -> None:
    """The shell may have closed them, as with >&-."""
    for stream in ("stdout", "stderr"):
        if getattr(sys, stream) is None:
            setattr(sys, stream, Path(os.devnull).open("w"))  # noqa: SIM115


@contextmanager
def reported(listener: Listener, blank: Callable[[], Report]) -> Iterator[None]:
    """While inside, the live page is told of the listener, unless LIVE=0."""
    if not LIVE:
        yield
        return
    reporter = Reporter(lambda: [listener.report(blank())])
    listener.changed = reporter.changed
    try:
        yield
    finally:
        reporter.close()
