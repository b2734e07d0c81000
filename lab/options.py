"""The options of ./scripts/compare."""

import argparse
from dataclasses import asdict
from pathlib import Path

from redis import RedisError

from lab.job import Settings
from lab.product import unfit
from lab.scenarios import SCENARIOS
from lab.scenarios.crashes import KILLED
from lab.scenarios.everyday import STEADY
from lab.server import lab_client
from lab.systems import ORDERS
from messaging.settings import address, check_url
from patterns import COMPARED
from starting.process import ROOT

RESULTS = ROOT / "results"
SUMMARY = "summary.json"
REPEAT = 3
DESCRIPTION = """Runs the same scenarios over every pattern, on a real Redis with real listeners and
real faults. The exit code is 1 when a pattern did what its promise does not allow, 3 when a run has
measured nothing."""


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./scripts/compare", description=DESCRIPTION, allow_abbrev=False
    )
    for option, names in (("--scenario", SCENARIOS), ("--pattern", COMPARED)):
        text = f"may be repeated: {' '.join(names)}"
        parser.add_argument(option, action="append", choices=names, metavar="NAME", help=text)
    parser.add_argument("--repeat", type=int, metavar="N", help=f"runs of each; default {REPEAT}")
    parser.add_argument("--quick", action="store_true", help="once each, and less of it")
    parser.add_argument("--seed", type=int, metavar="N", help="of the times of sending")
    parser.add_argument("--rate", type=float, metavar="N", help="steady: messages/s")
    parser.add_argument("--kills", type=int, metavar="N", help="kill so many listeners")
    child = "killed: kill one process that your consumer started, not all"
    parser.add_argument("--kill-child", action="store_true", help=child)
    parser.add_argument("--through-web", action="store_true", help="send over HTTP")
    parser.add_argument("--listener", metavar="COMMAND", help="a consumer of your own")
    text = f"in which it takes a backlog: {', '.join(map(as_option, ORDERS))}"
    parser.add_argument("--order", type=as_order, metavar="ORDER", help=text)
    parser.add_argument("--redis", dest="url", metavar="URL", help="a Redis that is not the lab's")
    program = "the redis-server or valkey-server that each run starts"
    parser.add_argument("--redis-server", dest="server", metavar="PATH", help=program)
    parser.add_argument("--i-know", action="store_true", help="that others use that Redis")
    parser.add_argument("--results", type=Path, default=RESULTS, metavar="FOLDER")
    parser.add_argument(
        "--into", type=Path, metavar="FILE", help="a summary to merge the cells into"
    )
    parser.add_argument(
        "--check", type=Path, metavar="FOLDER", help="judge stored runs again, and run nothing"
    )
    parser.set_defaults(**asdict(Settings()))
    options = parser.parse_args()
    check(parser, options)
    return options


def as_option(order: str) -> str:
    return order.replace(" ", "-")


def as_order(option: str) -> str:
    if option and option not in map(as_option, ORDERS):  # argparse asks for the default as well
        raise argparse.ArgumentTypeError(f"It is one of {', '.join(map(as_option, ORDERS))}.")
    return option.replace("-", " ")


def check(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """Refuse options that make no sense or may do harm, each with a sentence."""
    if options.repeat is not None and not 1 <= options.repeat <= 100:
        parser.error("--repeat is a number from 1 to 100.")
    if not 0 <= options.kills <= 100_000:
        parser.error("--kills is a number from 0 to 100,000.")
    if options.rate and not 1 <= options.rate <= 50_000:
        parser.error("--rate is from 1 to 50,000 messages a second.")
    if options.url and not options.i_know:
        parser.error(
            "--redis names a Redis that others may use: the lab writes keys of its own there, "
            "sends up to 10,000 messages at once and cuts its own connections. Add --i-know if "
            "that is all right."
        )
    if options.into and options.into.resolve() == (options.results / SUMMARY).resolve():
        parser.error(f"--into names {options.into}, which each comparison writes anew.")
    if options.server:
        # Links are not followed, for Redis goes by the name under which it was started.
        options.server = str(Path(options.server).absolute())
        if why := unfit(options.server, options.url):
            parser.error(why)
    if options.order and not options.listener:
        parser.error("--order says how a consumer of your own takes a backlog: add --listener.")
    if options.listener and not options.pattern:
        parser.error("--listener needs a --pattern: the place that your consumer takes from.")
    if options.rate and STEADY.name not in (options.scenario or [STEADY.name]):
        parser.error(f"--rate is for the scenario {STEADY.name}.")
    if options.kills and options.scenario not in (None, [KILLED.name]):
        parser.error(f"--kills is for the scenario {KILLED.name} alone.")
    if options.kill_child and not (options.listener and options.scenario == [KILLED.name]):
        parser.error(
            f"--kill-child kills a process that a consumer of your own started: add --listener "
            f"and --scenario {KILLED.name}."
        )
    if options.url:
        try:
            check_url(options.url)
            lab_client(options.url).ping()
        except ValueError as error:
            parser.error(str(error).replace("REDIS_URL", "--redis"))
        except RedisError as error:
            parser.error(f"No Redis at {address(options.url)}: {error}")
