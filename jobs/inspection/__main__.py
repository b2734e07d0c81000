"""Prints what RQ and Celery have in hand: ./scripts/inspect [--json]"""

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from redis import RedisError

from jobs.inspection import DASHBOARDS, inspect
from jobs.inspection.shape import Held, Inspection, Worker
from messaging.connection import connect, explain
from messaging.message import printable


def lines(found: Iterable[Inspection]) -> Iterable[str]:
    """Write it for a terminal."""
    for one in found:
        yield f"{one.title}: {', '.join(map(_worker, one.workers)) or 'no worker'}"
        for name, held in one.lists.items():
            yield f"  {name:<9}  {'–' if held is None else len(held)}"
            for piece in held or ():
                yield f"    {_held(piece)}"
        if one.said:
            yield f"  {one.said}"
    yield DASHBOARDS


def _worker(one: Worker) -> str:
    at_once = f"{one.at_once} at once" if one.at_once else ""
    more = ", ".join(filter(None, (one.state, one.pool, at_once)))
    return f"{one.name} (pid {one.pid}; {more})"


def _held(one: Held) -> str:
    due = f"at {datetime.fromtimestamp(one.due):%H:%M:%S}" if one.due else ""
    parts = (one.id, one.task or "no piece of work", one.worker, due, one.why)
    return printable("  ".join(filter(None, parts)))


def main(arguments: list[str]) -> int:
    """Print it once."""
    parser = argparse.ArgumentParser(prog="inspect", description=__doc__)
    parser.add_argument("--json", action="store_true", help="for programs")
    options = parser.parse_args(arguments)
    try:
        with connect() as redis:
            found = inspect(redis)
    except RedisError as error:
        print(explain(error), file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps([asdict(one) for one in found], indent=2))
    else:
        print("\n".join(lines(found)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
