"""Attacks the project on servers of its own, and prints what was tried and what came.

./scripts/attack runs every attack on loopback only, under load, in about seven minutes; --short in
two. The exit code is 1 when something came that was not to come.
"""

import argparse
import json
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from functools import partial
from pathlib import Path

from attack.attacks import ATTACKS, Attack
from attack.effort import SHORT, WHOLE, Effort
from attack.links import AT_ONCE
from attack.target import Counted, Target
from patterns import PATTERNS
from starting import machine
from starting.parts import find_server
from starting.process import DEADLINE, NotStartedError, wait_until

ENOUGH = 10  # messages of a link that show that it goes on


@dataclass(frozen=True)
class Result:
    """What one attack brought."""

    tried: str
    to_come: str
    came: str  # what was not to come, or «»
    counts: dict[str, int]  # the fields of Counted, of all patterns together


def main() -> int:
    parser = argparse.ArgumentParser(prog="./scripts/attack", description=__doc__)
    parser.add_argument("--short", action="store_true", help="fewer and shorter blows")
    parser.add_argument("--only", metavar="TEXT", help="attacks whose description has this text")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what came there")
    options = parser.parse_args()
    chosen = [one for one in ATTACKS if not options.only or options.only in one.tried]
    if not chosen:
        parser.error(f"No attack has {options.only!r} in its description.")
    try:
        find_server()
    except NotStartedError as error:
        print(error, file=sys.stderr)
        return 2
    allow_open_files()
    results, begun = [], time.monotonic()
    for one in chosen:
        results.append(make(one, SHORT if options.short else WHOLE))
        print_result(results[-1])
    if options.json:
        minutes = (time.monotonic() - begun) / 60
        told = {
            "made": machine.describe(),
            "minutes": minutes,
            "results": [asdict(one) for one in results],
        }
        options.json.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    return int(any(one.came for one in results))


def allow_open_files() -> None:
    """Raise the limit of open files as far as one may: slow clients are thousands of sockets."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def make(attack: Attack, effort: Effort) -> Result:
    """Run one attack on a target of its own, under load; raises nothing."""
    found: list[str] = []
    counts = Counter({field.name: 0 for field in fields(Counted)})
    with instead_of_raising(found), Target(attack.start_redis) as target:
        with target.links.under_load(), instead_of_raising(found):
            found.append(goes_on(target) or attack.run(target, effort) or goes_on(target))
        counted = target.counted()
        found += [wrong(name, one, attack.cuts(effort)) for name, one in counted.items()]
        found += [target.links.wrong(), target.ended(), target.tracebacks()]
        for one in counted.values():
            counts.update(asdict(one))
    return Result(attack.tried, attack.to_come, "; ".join(filter(None, found)), dict(counts))


def wrong(name: str, counted: Counted, cuts: int) -> str:
    """Return what must not be in a pattern after so many cuts, or «»."""
    in_hand = cuts * AT_ONCE
    found = counted.wrong(0, in_hand) if PATTERNS[name].redelivers else counted.wrong(in_hand, 0)
    return f"{name}: {found}" if found else ""


@contextmanager
def instead_of_raising(found: list[str]) -> Iterator[None]:
    """Add to what was found that an attack could not be made, so that all other results stay."""
    try:
        yield
    except Exception as error:
        found.append(f"It could not be made: {type(error).__name__}: {error}")


def goes_on(target: Target) -> str:
    """Return by which links nothing more is sent and received, or «»."""
    before = {name: len(ids) for name, ids in target.links.sent.items()}

    def has_gone_on(name: str) -> bool:
        later = target.links.sent[name][before[name] :]
        return len(later) > ENOUGH and target.has_received(name, later[-ENOUGH:])

    stuck = [name for name in before if not wait_until(partial(has_gone_on, name), DEADLINE)]
    return f"nothing goes on by {', '.join(stuck)}" if stuck else ""


def print_result(result: Result) -> None:
    print(f"{'✗' if result.came else '●'} {result.tried}\n    {result.came or result.to_come}")
    print(f"    {', '.join(f'{n:,} {what}' for what, n in result.counts.items())}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
