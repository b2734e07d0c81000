"""Twenty waiting tasks and twenty computing ones, done by each kind of worker.

Run it when nothing else runs: ./scripts/bench pools [--quick] [--json FILE] [pool …]
"""

import argparse
import signal
import sys
from pathlib import Path
from typing import Any

from bench.asking import at_once, look_until_over
from bench.bars import SpoiltError
from bench.kept import keep
from bench.parts import Parts
from bench.stage import Stage
from jobs.commands import AT_ONCE, LIST_WORKER, RQ_WORKER, celery_worker, rq_pool
from starting.process import NotStartedError

PIECES = 20
GREEN = 20  # pieces that threads or greenlets of one process do at once, for they mostly wait
# The way of each pool, and its command.
POOLS: dict[str, tuple[str, list[str]]] = {
    "list": ("list", LIST_WORKER),
    "rq worker": ("rq", RQ_WORKER),
    f"rq worker-pool, {AT_ONCE}": ("rq", rq_pool(AT_ONCE)),
    "celery solo": ("celery", celery_worker("solo", 1)),
    f"celery prefork, {AT_ONCE}": ("celery", celery_worker("prefork", AT_ONCE)),
    f"celery threads, {GREEN}": ("celery", celery_worker("threads", GREEN)),
    f"celery gevent, {GREEN}": ("celery", celery_worker("gevent", GREEN)),
}
WITHIN = 60.0  # seconds
TASKS: dict[str, tuple[str, dict[str, Any]]] = {
    "waiting": ("wait", {"seconds": 0.5}),
    "computing": ("compute", {"rounds": 20}),
}


def measure(pool: str, kind: str, quick: bool) -> dict[str, Any]:
    """Ask for all at once; the time is that from the first click to the last outcome."""
    task, arguments = TASKS[kind]
    many = PIECES // 4 if quick else PIECES
    way, command = POOLS[pool]
    with Stage() as stage:
        parts = Parts(stage, way, [command])
        warm_up = at_once(parts.host, 1, way, "wait", seconds=0)
        look_until_over(parts.host, [id_ for one in warm_up for id_ in one.ids], WITHIN)
        made = at_once(parts.host, many, way, task, **arguments)
        found = look_until_over(parts.host, [id_ for one in made for id_ in one.ids], WITHIN)
    done = [one for one in found if one["state"] == "SUCCESS"]
    if len(done) < many:
        raise SpoiltError(f"{pool} did {len(done)} of {many} {kind} tasks.")
    took = max(one["ended"] for one in done) - min(one["asked"] for one in done)
    alone = sum(one["ended"] - one["started"] for one in done)
    return {"pieces": many, "seconds": round(took, 2), "sum_of_works": round(alone, 2)}


def main() -> int:
    parser = argparse.ArgumentParser(prog="./scripts/bench pools", description=__doc__)
    parser.add_argument("pools", nargs="*", metavar="pool", help=f"of {', '.join(POOLS)}")
    parser.add_argument("--quick", action="store_true", help="five of each")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    options = parser.parse_args()
    if unknown := set(options.pools) - set(POOLS):
        parser.error(f"there is no pool {', '.join(sorted(unknown))}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that each Stage ends its processes
    found: dict[str, dict[str, Any]] = {}
    try:
        for pool in options.pools or POOLS:
            found[pool] = {kind: measure(pool, kind, options.quick) for kind in TASKS}
            print(f"{pool}: {found[pool]}", file=sys.stderr, flush=True)
    except (SpoiltError, NotStartedError) as error:
        print(error, file=sys.stderr)
        return 2
    if options.json:
        keep(options.json, {"quick": options.quick, "pools": found})
    return 0


if __name__ == "__main__":
    sys.exit(main())
