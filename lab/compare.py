"""Runs the same scenarios over every pattern, on a real Redis with real listeners and real faults.

Counts exactly what each loses, repeats, reorders and delays. The exit code is 1 when a pattern did
what its promise does not allow, 3 when a run has measured nothing, 2 for a wrong command line.
"""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lab.history.files import NOTES, UNREADABLE
from lab.job import Settings
from lab.judging.verdict import ALLOWED, BROKEN, CODES, INVALID, KEPT
from lab.options import REPEAT, RESULTS, SUMMARY, read_options
from lab.plan import choose_jobs
from lab.pool import ASIDE, folder_for, make_all
from lab.product import measured_with, named, product_at
from lab.report.merge import NotMergedError, merge_into, read_summary, write_summary
from lab.report.result import check
from lab.report.table import exit_code, summarize, table
from messaging.message import printable
from messaging.settings import address
from starting.children import Children, StopAskedError
from starting.machine import describe
from starting.parts import find_server
from starting.process import NotStartedError

WORST = (KEPT, ALLOWED, INVALID, BROKEN)  # from the best to the worst


def main() -> int:
    options = read_options()
    if options.check:
        return judge_again(options.check)
    settings = Settings(**{name: vars(options)[name] for name in asdict(Settings())})
    repeat = options.repeat or (1 if options.quick or options.kills else REPEAT)
    jobs = choose_jobs(options, settings, repeat)
    if not jobs:
        print("Nothing is to be run: no such scenario makes sense there.", file=sys.stderr)
        return 2
    children = Children()
    try:
        if not (settings.server or settings.url):
            find_server()
        if options.into:
            read_summary(options.into, describe(settings.server) | made(settings))
        with folder_for(options.results) as raw:
            results = make_all(jobs, raw, children)
        return conclude(options, summarize(results, repeat=repeat, **made(settings)))
    except (NotStartedError, NotMergedError) as error:
        print(error, file=sys.stderr)
        return 2
    except StopAskedError:
        print("\nStopped; nothing is summed up.", file=sys.stderr)
        return 130
    finally:
        children.stop(*children.running())


def conclude(options: argparse.Namespace, summary: dict[str, Any]) -> int:
    """Write and print what was measured, and merge it; return the exit code."""
    file = options.results / SUMMARY
    write_summary(file, summary)
    print(table(summary))
    where = "; the web shows them at /compare?run=own" if options.results == RESULTS else ""
    print(f"\n{measured_with(summary['made'])}")
    print(f"All figures are in {file}, the raw lines beside it{where}.")
    if options.into:
        print(merge_into(options.into, summary))
    return exit_code(summary)


def judge_again(folder: Path) -> int:
    """Judge the stored run in this folder, or all below it; the code is that of the worst."""
    found = (notes.parent for notes in folder.glob(f"**/{NOTES}"))
    runs = sorted(run for run in found if run == folder or run.name != ASIDE)
    if not runs:
        print(f"{folder} holds no history of a run.", file=sys.stderr)
        return 2
    verdicts = []
    for run in runs:
        try:
            told = check(run)
            said = f"{run.name}: {told['verdict']} ({told['ended']}): {told['words']}"
            lines = [printable(said), *(f"    {printable(one)}" for one in told["broken"])]
        except UNREADABLE as error:
            why = printable(str(error))
            print(f"{run} holds no history that can be judged: {why}", file=sys.stderr)
            return 2
        verdicts.append(told["verdict"])
        print(*lines, sep="\n")
    return CODES[max(verdicts, key=WORST.index)]


def made(settings: Settings) -> dict[str, Any]:
    """The settings that the summary names: those that were set, and no password of a Redis."""
    values = asdict(settings) | {"url": address(settings.url) if settings.url else ""}
    told = {name: value for name, value in values.items() if value or name in ("seed", "quick")}
    return told | (named(product_at(settings.url)) if settings.url else {})


if __name__ == "__main__":
    sys.exit(main())
