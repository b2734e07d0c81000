"""Runs a listener script: read the options, listen until stopped, print the counts."""

import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing, suppress
from functools import partial
from pathlib import Path

from messaging.connection import BLOCK, REPLY_WITHIN, connect
from messaging.receiving import events
from messaging.receiving.contract import Consumer, Listened, Receive
from messaging.receiving.counts import Counts, ListenerReports
from messaging.receiving.events import Observer
from messaging.receiving.loop import Loop
from messaging.receiving.output import JsonLines, OutputClosedError
from messaging.receiving.terminal import Terminal
from messaging.reporting.report import report_factory
from messaging.settings import LIVE

AddArguments = Callable[[ArgumentParser], None]  # adds the options of one pattern
EXAMPLES = """
examples:
  python listeners/{0}.py
  python listeners/{0}.py --name slow --work 0.2
  python listeners/{0}.py --json > received.jsonl

REDIS_URL says where Redis is (default redis://localhost:6379/5), NO_COLOR=1 turns colours off.
"""


def no_arguments(parser: ArgumentParser) -> None:
    """Add no option; most patterns need none of their own."""


def listen(
    pattern: Listened,
    receive: Receive,
    about: str | None,
    add_arguments: AddArguments = no_arguments,
    observers: Sequence[Observer] = (),
) -> int:
    """Run a listener script until it is stopped, and return its exit code.

    `about` is the script's docstring; `add_arguments` adds the pattern's own options, which
    `receive` takes as keyword arguments. `observers` are called before our own.
    """
    replace_closed_streams()
    options = vars(read_options(pattern.name, about or "", add_arguments))
    given_name, work, as_json = (options.pop(common) for common in ("name", "work", "json"))
    name = given_name or f"{pattern.name}-{os.getpid()}"
    redis = connect(BLOCK + REPLY_WITHIN)
    consumer = Consumer(name=given_name) if given_name else Consumer()
    consumer.stopping.set_by_signals()
    out = JsonLines(name, pattern.name) if as_json else Terminal(name, pattern.terminal_colour)
    counts = Counts()
    try:
        with ExitStack() as stack:
            observers = [*observers, counts.count, out.print]
            if LIVE:
                blank = report_factory(pattern.name, "listener", name)
                reports = stack.enter_context(
                    closing(ListenerReports(counts, work, blank, out.print))
                )
                observers.append(reports.hear)
            loop = Loop(pattern, consumer, work, observers)
            code = loop.run(partial(receive, redis, consumer, **options))
        if loop.outage.was_ever_ready:
            out.print(events.Note(counts.summary(pattern.follows_gaps)))
    except OutputClosedError as error:
        print(f"Cannot write what was received: {error.strerror or error}.", file=sys.stderr)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the flush at exit fails
        return 1
    except OSError as error:
        print(f"Cannot go on: {error.strerror or error}.", file=sys.stderr)
        return 1
    return code


def read_options(pattern: str, about: str, add_arguments: AddArguments) -> Namespace:
    """Return `name`, `work` (seconds), `json` and the pattern's own; a bad one ends the process."""
    parser = ArgumentParser(
        prog=f"python listeners/{pattern}.py",
        description=about,
        epilog=EXAMPLES.format(pattern),
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "--name", type=listener_name, help="default: the pattern and the number of the process"
    )
    parser.add_argument(
        "--work",
        type=_seconds,
        default=0.0,
        metavar="SECONDS",
        help="pretend that each message takes that long",
    )
    parser.add_argument(
        "--json", action="store_true", help="print one line of JSON a message, for other programs"
    )
    add_arguments(parser)
    return parser.parse_args()


def listener_name(text: str) -> str:
    if not text.isprintable() or text.isspace() or not 1 <= len(text) <= 64:
        raise ArgumentTypeError("a name has 1 to 64 printable characters, not only spaces")
    return text


def _seconds(text: str) -> float:
    with suppress(ValueError):
        if 0 <= (seconds := float(text)) <= 3600:
            return seconds
    raise ArgumentTypeError(f"{text!r} is not a number of seconds from 0 to 3600")


def replace_closed_streams() -> None:
    """Open /dev/null for the streams that the shell has closed, as with >&-."""
    for stream in ("stdout", "stderr"):
        if getattr(sys, stream) is None:
            setattr(sys, stream, Path(os.devnull).open("w"))  # noqa: SIM115
