"""How long a click and its outcome take in each way, and what is left when something dies.

Run it when nothing else runs: ./scripts/bench ways [--quick] [--json FILE] [way …]
"""

import argparse
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.asking import OVER, look_until_over, steadily
from bench.bars import SpoiltError
from bench.kept import keep, percentile
from bench.parts import Parts
from bench.stage import Stage
from jobs.commands import LIST_WORKER, RQ_WORKER, WORKERS, celery_worker
from jobs.ways import WAYS
from starting.process import NotStartedError, wait_until

CLICKS, EVERY, SECONDS = 60, 0.16, 0.25  # so often, between two, and for which a piece lasts
# One worker, which does one piece at a time.
ALONE = {"list": [LIST_WORKER], "rq": [RQ_WORKER], "celery": [celery_worker(at_once=1)]}
LONG = 4.0  # seconds that a piece lasts in whose middle something dies
BEGUN_WITHIN = 10.0  # seconds
PATIENCE = 20.0  # seconds in which what was left is looked for


def times(way: str, quick: bool) -> dict[str, Any]:
    """Click and outcome, for pieces of the same length."""
    many = CLICKS // 4 if quick else CLICKS
    with Stage() as stage:
        parts = Parts(stage, way, WORKERS.get(way, []))
        steadily(parts.host, 4, EVERY, way, "wait", seconds=0)  # so that all is loaded
        made = steadily(parts.host, many, EVERY, way, "wait", seconds=SECONDS)
        found = look_until_over(parts.host, [id_ for one in made for id_ in one.ids], PATIENCE)
    outcomes = [one["ended"] - one["asked"] for one in found if one["state"] == "SUCCESS"]
    return {
        "clicks": many,
        "click_p50_ms": percentile([one.seconds for one in made], 50),
        "click_p99_ms": percentile([one.seconds for one in made], 99),
        "outcome_p50_ms": percentile(outcomes, 50),
        "outcome_p99_ms": percentile(outcomes, 99),
        "known": len([one for one in found if one["state"] in OVER]),
    }


def killed(way: str, quick: bool) -> dict[str, Any]:
    """Who works is killed (kill -9), with three pieces asked for, and starts again."""
    return left_after(way, lambda parts, worker: parts.kill(worker), pieces=3, quick=quick)


def restarted(way: str, quick: bool) -> dict[str, Any]:
    """The web is stopped in order, and started again, with five pieces asked for."""
    return left_after(way, lambda parts, worker: parts.restart_web(), pieces=5, quick=quick)


def left_after(
    way: str, strike: Callable[[Parts, str], None], pieces: int, quick: bool
) -> dict[str, Any]:
    """Ask for these pieces, strike when one is in hand; returns how many came to which state."""
    with Stage() as stage:
        parts = Parts(stage, way, ALONE.get(way, []), processes=1)
        asked = parts.ask_without_waiting(pieces, LONG)
        begun: list[dict[str, Any]] = []

        def has_begun() -> bool:
            begun[:] = [one for one in parts.known() if one["state"] == "STARTED"]
            return bool(begun)

        if not wait_until(has_begun, BEGUN_WITHIN):
            raise SpoiltError(f"Nobody of {way} began.")
        strike(parts, begun[0]["worker"])
        ids = [one["id"] for one in parts.known()]
        found = look_until_over(parts.host, ids, 10 if quick else PATIENCE)
        answered = sum(one.done() and not one.exception() for one in asked)
    states = [one["state"] for one in found]
    twice = sum(one["tries"] > 1 for one in found)
    return {
        "asked": pieces,
        "answered": answered,
        "states": {state: states.count(state) for state in dict.fromkeys(states)},
        "twice": twice,
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="./scripts/bench ways", description=__doc__)
    parser.add_argument("ways", nargs="*", metavar="way", help=f"of {', '.join(WAYS)}")
    parser.add_argument("--quick", action="store_true", help="fewer clicks, and less patience")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    options = parser.parse_args()
    if unknown := set(options.ways) - set(WAYS):
        parser.error(f"there is no way {', '.join(sorted(unknown))}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that each Stage ends its processes
    found: dict[str, dict[str, Any]] = {}
    try:
        for way in options.ways or WAYS:
            found[way] = {}
            for measure in (times, killed, restarted):
                print(f"{way}, {measure.__name__} …", file=sys.stderr, flush=True)
                found[way][measure.__name__] = measure(way, options.quick)
                print(f"  {found[way][measure.__name__]}", file=sys.stderr, flush=True)
    except (SpoiltError, NotStartedError) as error:
        print(error, file=sys.stderr)
        return 2
    if options.json:
        keep(options.json, {"quick": options.quick, "seconds": SECONDS, "ways": found})
    return 0


if __name__ == "__main__":
    sys.exit(main())
