"""What the live page costs, and what it bears: each bar measured, and met or not.

Run it when nothing else runs: ./scripts/bench page
"""

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path

from bench.bars import Bar, SpoiltError, table
from bench.click import click
from bench.cost import listener_cost, web_cost
from bench.crowd import crowd
from bench.stream import stream
from starting import machine
from starting.browser import launch
from starting.process import NotStartedError

# The sizes with and without --quick. The stream warms up for the minute that the page shows.
PARTS: dict[str, Callable[[bool], Iterable[Bar]]] = {
    "listeners": lambda quick: listener_cost(*((2, 10_000) if quick else (9, 40_000))),
    "web": lambda quick: web_cost(*((2, 1) if quick else (9, 4))),
    "viewers": lambda quick: asyncio.run(crowd(*((200, 4, 1, 1) if quick else (1000, 20, 3, 4)))),
    "stream": lambda quick: stream(*((15, 2) if quick else (120, 60))),
    "click": lambda quick: click(10 if quick else 50),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="./scripts/bench page", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="a few seconds each, for trying it")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that each Stage ends its processes
    bars: list[Bar] = []
    try:
        for name in options.parts or PARTS:
            print(f"{name} …", file=sys.stderr, flush=True)
            bars += PARTS[name](options.quick)
    except (SpoiltError, NotStartedError) as error:
        print(error, file=sys.stderr)
        return 2
    print(table(bars))
    if options.json:
        with launch() as browser:
            made = {**machine.describe(), "chromium": browser.version, "requests_by": "wrk"}
        figures = {**made, "quick": options.quick, "bars": [asdict(bar) for bar in bars]}
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n")
    return 0 if all(bar.is_met for bar in bars) else 1


if __name__ == "__main__":
    sys.exit(main())
