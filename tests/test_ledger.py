"""Adding up reports: each once, in whatever order they come, before and after a reset."""

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as some

from messaging.reporting.report import Report
from pages.live.ledger import Ledger
from tests.told import listener, told, web


def reports(ledger: Ledger) -> list[Report]:
    """What Redis keeps of what a ledger has heard."""
    return [member.report for member in ledger.members.values()]


@given(some.lists(some.integers(0, 9), min_size=1), some.randoms(use_true_random=False))
def test_reports_may_come_twice_late_or_never(steps: list[int], chance: random.Random) -> None:
    received = [sum(steps[: n + 1]) for n in range(len(steps))]
    reports = [listener(n, count) for n, count in enumerate(received, 1)]
    arriving = [r for r in reports[:-1] * 2 if chance.random() < 0.7] + [reports[-1]]
    chance.shuffle(arriving)
    ledger = Ledger()
    for report in arriving:
        ledger.hear(report)
    assert told(ledger)["received"] == received[-1]
    assert ledger.totals["prodcons"].delays.buckets.total() == received[-1]


@given(some.lists(some.dictionaries(some.integers(-9, 9), some.integers(1, 9)), min_size=1))
def test_of_the_delays_a_report_tells_what_has_changed(steps: list[dict[int, int]]) -> None:
    """Told in full or by what changed, they add up to the same."""
    buckets: Counter[int] = Counter()
    whole, short, before = Ledger(), Ledger(), None
    for n, step in enumerate(steps, 1):
        buckets.update(step)
        report = listener(n, 0, delays={str(key): count for key, count in buckets.items()})
        whole.hear(report)
        told = report.beside(before) if before else report
        assert len(told.delays) <= max(1, len(step)) or not before
        short.hear(told)
        before = report
    for ledger in (whole, short):
        assert +ledger.totals["prodcons"].delays.buckets == +buckets
        assert reports(ledger)[0].delays == before.delays  # type: ignore[union-attr]
    assert short.members["one"].counted.delays == before.delays  # type: ignore[union-attr]


def test_a_heartbeat_is_no_news() -> None:
    ledger = Ledger()
    assert ledger.hear(listener(1, 0))
    assert not ledger.hear(listener(2, 0))
    assert ledger.hear(listener(3, 1))
    assert not ledger.hear(listener(2, 0))
    assert ledger.hear(listener(4, 1, left=True))


def test_after_a_reset_each_process_counts_as_soon_as_it_knows_of_it() -> None:
    ledger = Ledger()
    ledger.hear(listener(1, 5))
    ledger.hear(web(1, 7))
    ledger.load(reports(ledger), 2, are_news=False)
    assert (told(ledger)["sent"], told(ledger)["received"]) == (0, 0)
    ledger.hear(listener(2, 6))  # it does not know yet
    assert told(ledger)["received"] == 0
    ledger.hear(listener(3, 1, reset_at=2))
    (card,) = told(ledger)["listeners"]
    assert card["received"] == told(ledger)["received"] == 1
    assert card["delay_p50_ms"] is not None
    ledger.hear(web(2, 1, reset_at=3))  # who hears of the next one first tells all
    assert (told(ledger)["sent"], told(ledger)["received"]) == (1, 0)


def test_whoever_comes_later_counts_as_those_who_were_there() -> None:
    there, late = Ledger(), Ledger()
    for report in (listener(1, 5), web(1, 7), listener(1, 3, "left", left=True)):
        there.hear(report)
    there.load([], 2, are_news=False)
    for report in (listener(2, 4, reset_at=2), web(2, 8)):
        there.hear(report)
    late.load(reports(there), 0, are_news=False)
    assert late.reset_at == there.reset_at == 2
    assert +late.totals["prodcons"].counts == +there.totals["prodcons"].counts
    assert +late.totals["prodcons"].delays.buckets == +there.totals["prodcons"].delays.buckets
    assert told(late)["received"] == 4
    assert told(late)["sent"] == 0


def test_what_redis_lost_the_ledger_still_knows() -> None:
    ledger = Ledger()
    ledger.hear(listener(1, 5))
    ledger.hear(web(1, 5))
    ledger.load([], 0, are_news=False)
    assert (told(ledger)["sent"], told(ledger)["received"]) == (5, 5)
    ledger.load([listener(1, 5)], 0, are_news=False)
    assert told(ledger)["received"] == 5


def test_what_is_loaded_before_it_is_heard_moves_once() -> None:
    ledger, message = Ledger(), ["web-1:1", "7"]
    ledger.load([listener(1, 1, recent=[message])], 0, are_news=False)
    assert not ledger.moves.take(), "this was before the ledger was there"
    for _ in range(2):
        ledger.load([listener(2, 2, recent=[message])], 0, are_news=True)
        ledger.hear(listener(2, 2, recent=[message]))
    (taken,) = ledger.moves.take()["prodcons"]["taken"]
    assert [*taken] == [*message, "one"]
    assert ledger.take_fresh()["prodcons"].counts["received"] == 1
