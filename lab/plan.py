"""Plans the runs of a comparison: which scenario, over which pattern, with which client."""

import argparse
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import product

from lab.job import Job, Settings
from lab.scenario import Scenario
from lab.scenarios import SCENARIOS
from lab.scenarios.crashes import KILLED
from lab.scenarios.network import CUT
from lab.server import may_cut
from lab.witness import can_be_watched
from patterns import COMPARED, PATTERNS

NOT_SEEN = (
    "the lab sees what a listener has in hand by a proxy, which reads no TLS and no socket file."
)
NOT_CUT = f"Without {CUT.name}: the user of that Redis may not CLIENT LIST and CLIENT KILL."


def choose_jobs(options: argparse.Namespace, settings: Settings, repeat: int) -> list[Job]:
    """The runs of the scenarios and patterns that were asked for, or of all that make sense."""
    usual = [one.name for one in SCENARIOS.values() if one.is_quick or not options.quick]
    scenarios = options.scenario or ([KILLED.name] if options.kills else usual)
    if settings.url and CUT.name in scenarios and not may_cut(settings.url):
        print(NOT_CUT, file=sys.stderr)
        scenarios = [name for name in scenarios if name != CUT.name]
    for name in [name for name in scenarios if not can_be_seen(SCENARIOS[name], settings.url)]:
        print(f"Without {name}: {NOT_SEEN}", file=sys.stderr)
    for kind in dict.fromkeys(SCENARIOS[name].redis for name in scenarios):
        if why := kind.why_not():
            without = [name for name in scenarios if SCENARIOS[name].redis is kind]
            print(f"Without {', '.join(without)}: {why}", file=sys.stderr)
            scenarios = [name for name in scenarios if name not in without]
    survivors = [one.name for one in PATTERNS.values() if one.redelivers]
    patterns = options.pattern or (survivors if options.kills else list(COMPARED))
    return list(plan(dict.fromkeys(scenarios), dict.fromkeys(patterns), settings, repeat))


def can_be_seen(scenario: Scenario, url: str) -> bool:
    """Whether the lab can see what it must see of this scenario at that Redis."""
    return can_be_watched(url) or not scenario.needs_witness


def plan(
    scenarios: Iterable[str], patterns: Iterable[str], settings: Settings, repeat: int
) -> Iterator[Job]:
    """All runs. Those that measure speed come last, because nothing may run beside them."""
    for known in sorted((SCENARIOS[name] for name in scenarios), key=lambda one: one.alone):
        if settings.url and not (known.harmless and can_be_seen(known, settings.url)):
            continue
        if settings.through_web and known.way:
            continue
        if settings.listener and not known.any_listener:
            continue
        has_plain = known.quick_plain if settings.quick else known.where_client_matters
        has_plain = has_plain and not (settings.listener or settings.through_web)
        clients = ["ours", "plain"] if has_plain else ["ours"]
        fitting = [pattern for pattern in patterns if known.fits(COMPARED[pattern])]
        for pattern, client, number in product(fitting, clients, range(1, repeat + 1)):
            seed = settings.seed + 1000 * (number - 1)
            yield Job(known.name, pattern, replace(settings, client=client, seed=seed), number)
