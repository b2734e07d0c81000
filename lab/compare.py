"""Runs the same scenarios over every pattern, on a real Redis with real listeners and real faults.

Counts exactly what each loses, repeats, reorders and delays; the exit code is 1 when a pattern did
what its promise does not allow.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from itertools import product
from pathlib import Path
from typing import Any

from redis import RedisError

from lab.history import Job, Settings
from lab.pool import folder_for, make_all
from lab.product import measured_with, named, product_at, unfit
from lab.scenarios import SCENARIOS
from lab.scenarios.crashes import killed
from lab.scenarios.everyday import steady
from lab.scenarios.network import cut
from lab.server import lab_client, may_cut
from lab.table import exit_code, summarize, table
from messaging.settings import address, check_url
from patterns import COMPARED, PATTERNS
from starting.children import Children, StopAskedError
from starting.parts import find_server
from starting.process import ROOT, NotStartedError

RESULTS = ROOT / "results"
REPEAT = 3
NOT_CUT = f"Without {cut.name}: the user of that Redis may not CLIENT LIST and CLIENT KILL."


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./scripts/compare", description=__doc__, allow_abbrev=False
    )
    for option, names in (("--scenario", SCENARIOS), ("--pattern", COMPARED)):
        text = f"may be repeated: {' '.join(names)}"
        parser.add_argument(option, action="append", choices=names, metavar="NAME", help=text)
    parser.add_argument("--repeat", type=int, metavar="N", help=f"runs of each; default {REPEAT}")
    parser.add_argument("--quick", action="store_true", help="once each, and less of it")
    parser.add_argument("--seed", type=int, metavar="N", help="of the times of sending")
    parser.add_argument("--rate", type=float, metavar="N", help="steady: messages/s")
    parser.add_argument("--kills", type=int, metavar="N", help="kill so many listeners")
    parser.add_argument("--through-web", action="store_true", help="send over HTTP")
    parser.add_argument("--listener", metavar="COMMAND", help="a consumer of your own")
    program = "the redis-server or valkey-server that each run starts"
    parser.add_argument("--redis-server", dest="server", metavar="PATH", help=program)
    parser.add_argument("--redis", dest="url", metavar="URL", help="a Redis that is not the lab's")
    parser.add_argument("--i-know", action="store_true", help="that others use that Redis")
    parser.add_argument("--results", type=Path, default=RESULTS, metavar="FOLDER")
    parser.set_defaults(**asdict(Settings()))
    options = parser.parse_args()
    check(parser, options)
    return options


def check(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """Refuse options that make no sense or may do harm, each with a sentence."""
    if options.repeat is not None and not 1 <= options.repeat <= 100:
        parser.error("--repeat is a number from 1 to 100.")
    if not 0 <= options.kills <= 100_000:
        parser.error("--kills is a number from 0 to 100,000.")
    if options.rate and not 1 <= options.rate <= 50_000:
        parser.error("--rate is from 1 to 50,000 messages a second.")
    if options.server:
        # Links are not followed, for Redis goes by the name under which it was started.
        options.server = str(Path(options.server).absolute())
        if why := unfit(options.server, options.url):
            parser.error(why)
    if options.url and not options.i_know:
        parser.error(
            "--redis names a Redis that others may use: the lab writes keys of its own there, "
            "sends up to 10,000 messages at once and cuts its own connections. Add --i-know if "
            "that is all right."
        )
    if options.listener and not options.pattern:
        parser.error("--listener needs a --pattern: the place that your consumer takes from.")
    if options.rate and steady.name not in (options.scenario or [steady.name]):
        parser.error(f"--rate is for the scenario {steady.name}.")
    if options.kills and options.scenario not in (None, [killed.name]):
        parser.error(f"--kills is for the scenario {killed.name} alone.")
    if options.url:
        try:
            check_url(options.url)
            lab_client(options.url).ping()
        except ValueError as error:
            parser.error(str(error).replace("REDIS_URL", "--redis"))
        except RedisError as error:
            parser.error(f"No Redis at {address(options.url)}: {error}")


def main() -> int:
    options = read_options()
    settings = Settings(**{name: vars(options)[name] for name in asdict(Settings())})
    usual = [one.name for one in SCENARIOS.values() if one.is_quick or not options.quick]
    scenarios = options.scenario or ([killed.name] if options.kills else usual)
    if settings.url and cut.name in scenarios and not may_cut(settings.url):
        print(NOT_CUT, file=sys.stderr)
        scenarios = [name for name in scenarios if name != cut.name]
    survivors = [one.name for one in PATTERNS.values() if one.redelivers]
    patterns = options.pattern or (survivors if options.kills else list(COMPARED))
    repeat = options.repeat or (1 if options.quick or options.kills else REPEAT)
    jobs = list(plan(dict.fromkeys(scenarios), dict.fromkeys(patterns), settings, repeat))
    if not jobs:
        print("Nothing is to be run: no such scenario makes sense there.", file=sys.stderr)
        return 2
    children = Children()
    try:
        if not settings.server:
            find_server()
        with folder_for(options.results) as raw:
            results = make_all(jobs, raw, children)
    except NotStartedError as error:
        print(error, file=sys.stderr)
        return 2
    except StopAskedError:
        print("\nStopped; nothing is summed up.", file=sys.stderr)
        return 130
    finally:
        children.stop(*children.running())
    summary = summarize(results, repeat=repeat, **made(settings))
    file = options.results / "summary.json"
    file.write_text(json.dumps(summary, ensure_ascii=False, separators=(",", ":")) + "\n")
    print(table(summary))
    where = "; the web shows them at /compare?run=own" if options.results == RESULTS else ""
    print(f"\n{measured_with(summary['made'])}")
    print(f"All figures are in {file}, the raw lines beside it{where}.")
    return exit_code(summary)


def plan(
    scenarios: Iterable[str], patterns: Iterable[str], settings: Settings, repeat: int
) -> Iterator[Job]:
    """All runs. Those that measure speed come last, because nothing may run beside them."""
    for known in sorted((SCENARIOS[name] for name in scenarios), key=lambda one: one.alone):
        if (settings.url and not known.harmless) or (settings.listener and not known.any_listener):
            continue
        has_plain = known.quick_plain if settings.quick else known.where_client_matters
        has_plain = has_plain and not (settings.listener or settings.through_web)
        clients = ["ours", "plain"] if has_plain else ["ours"]
        fitting = [pattern for pattern in patterns if known.fits(COMPARED[pattern])]
        for pattern, client, number in product(fitting, clients, range(1, repeat + 1)):
            seed = settings.seed + 1000 * (number - 1)
            yield Job(known.name, pattern, replace(settings, client=client, seed=seed), number)


def made(settings: Settings) -> dict[str, Any]:
    """The settings that the summary names: those that were set, and no password of a Redis."""
    values = asdict(settings) | {"url": address(settings.url) if settings.url else ""}
    told = {name: value for name, value in values.items() if value or name in ("seed", "quick")}
    return told | (named(product_at(settings.url)) if settings.url else {})


if __name__ == "__main__":
    sys.exit(main())
