"""Attacks the project on servers of its own, and prints what was tried and what came.

./scripts/attack runs every attack on loopback only; the exit code is 1 when something came that
was not to come.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from attack.attacks import ATTACKS, Attack
from attack.target import Target
from starting import machine
from starting.process import NotStartedError


def main() -> int:
    parser = argparse.ArgumentParser(prog="./scripts/attack", description=__doc__)
    parser.add_argument("--only", metavar="TEXT", help="attacks whose description has this text")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what came there")
    options = parser.parse_args()
    chosen = [one for one in ATTACKS if not options.only or options.only in one.tried]
    if not chosen:
        parser.error(f"No attack has {options.only!r} in its description.")
    try:
        came = [(one, make(one)) for one in chosen]
    except NotStartedError as error:
        print(error, file=sys.stderr)
        return 2
    if options.json:
        found = [{"tried": one.tried, "to_come": one.to_come, "came": said} for one, said in came]
        told = {"made": machine.describe(), "attacks": found}
        options.json.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    return int(any(said for _, said in came))


def make(attack: Attack) -> str:
    """Run one attack on a target of its own; return what came that was not to come, or «»."""
    with Target() as target:
        target.send()
        found = [attack.run(target), target.balance(), *tracebacks(target)]
    came = "; ".join(filter(None, found))
    print(f"{'✗' if came else '●'} {attack.tried}\n    {came or attack.to_come}", flush=True)
    return came


def tracebacks(target: Target) -> Sequence[str]:
    """Return who has printed a traceback."""
    parts = {"web": target.web, **target.listeners}
    return [f"{name}: a traceback" for name, part in parts.items() if "Traceback" in part.text]


if __name__ == "__main__":
    sys.exit(main())
