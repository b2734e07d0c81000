"""Reports and records of every shape: each is refused, or counted, and the page can be told."""

import json
import time
from dataclasses import replace
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as some

from messaging.reporting.report import COUNTS, Report
from pages.live.feed import Feed, encode
from pages.live.figures import figures, sample
from pages.live.hub import Hub
from pages.live.records import readable
from patterns import PATTERNS

TEXTS = some.text(max_size=90) | some.sampled_from(["\ud800", "x" * 500, "retired-prodcons"])
NUMBERS = (
    some.integers()
    | some.floats()
    | some.booleans()
    | some.sampled_from([10**400, -(10**400), 2**53, 1e308])
)
ANYTHING = some.recursive(
    some.none() | NUMBERS | TEXTS,
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=8,
)
SHOWN = some.tuples(some.none() | TEXTS, TEXTS, some.none() | some.integers(0, 9))
POSSIBLE = some.fixed_dictionaries(
    {
        "id": TEXTS,
        "n": some.integers(0, 9),
        "at": some.floats(0, 1e11),
        "pattern": some.sampled_from([*PATTERNS, "other"]),
        "role": some.sampled_from(["web", "listener"]),
        "name": TEXTS,
        "host": TEXTS,
        "pid": some.integers(0, 9),
        "left": some.booleans(),
        "reset_at": some.integers(0, 3),
        "counts": some.dictionaries(some.sampled_from(COUNTS), some.integers(0, 2**53)),
        "delays": some.dictionaries(some.integers(-691, 1266).map(str), some.integers(0, 2**53)),
        "refused": TEXTS,
        "last": some.none() | TEXTS,
        "in_hand": some.none() | some.tuples(some.none() | TEXTS, TEXTS),
        "recent": some.lists(SHOWN, max_size=3),
    }
)
FIELDS = sorted(Report.__dataclass_fields__)
# Impossible values where a possible one would be counted or shown.
NEARLY = some.one_of(
    some.tuples(some.just("counts"), some.dictionaries(some.sampled_from(COUNTS), NUMBERS)),
    some.tuples(some.just("delays"), some.dictionaries(some.integers().map(str), NUMBERS)),
    some.tuples(some.sampled_from(["id", "name", "host", "last", "refused"]), TEXTS),
    some.tuples(some.sampled_from(["n", "at", "pid", "reset_at"]), NUMBERS),
    some.tuples(some.sampled_from([*FIELDS, "more"]), ANYTHING),
)
CHANGES = some.lists(NEARLY, max_size=2).map(dict)


ONE = json.loads(Report("a", 1, 1.0, "prodcons", "listener", "a", "here", 1).encode())


@settings(max_examples=200)
@example([(ONE, {"counts": {"received": 10**400}})])
@example([(ONE, {"delays": {"5": 10**400}})])
@example([(ONE, {"at": -(10**400)})])
@example([(ONE, {"name": "\ud800"})])
@given(some.lists(some.tuples(POSSIBLE, CHANGES), max_size=4))
def test_a_report_of_any_shape_is_refused_or_told(told: list[tuple[Any, Any]]) -> None:
    hub = Hub(Feed(1))
    true = Report("true", 1, time.time(), "prodcons", "listener", "true", "here", 1)
    hub._ledger.load([true], 0, are_news=False)
    lines = [json.dumps({**fields, **changes}).encode() for fields, changes in told]
    hub._ledger.load(readable(lines[:2]), 0, are_news=True)
    for line in lines:
        hub._hear(line)
    reset_at = hub._ledger.reset_at
    later = replace(true, n=2, reset_at=reset_at, counts={"received": 3})
    if hub._ledger.follows(later):
        hub._hear(later.encode())
    else:  # the forged ones said that it was summed up, so the hub asks Redis
        hub._ledger.load([later], 0, are_news=True)
    assert hub._ledger.members["true"].received() == 3, "true reports count as before"
    now = time.monotonic()
    shown = {
        name: figures(pattern, hub._ledger, pattern.store.nothing, now)
        for name, pattern in PATTERNS.items()
    }
    one = sample(hub._ledger.take_fresh(), 1.0)
    encode("change", {"patterns": shown, "sample": one, "moves": hub._ledger.moves.take()})
    json.dumps(shown, allow_nan=False, ensure_ascii=False).encode()


@given(some.binary(max_size=200))
def test_bytes_of_any_kind_are_no_report(line: bytes) -> None:
    assert list(readable([line])) == []
