"""Adding up reports: each once, in whatever order they come, before and after a reset."""

import random
import time
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from messaging.reporting.report import Report
from pages.live.figures import CARDS, figures
from pages.live.ledger import Ledger
from pages.live.member import GONE_AFTER
from pages.live.past import MINUTE, SETTLED_AFTER
from pages.live.wire import Figures
from patterns import PATTERNS
from patterns.declaration.store import Backlog

PRODCONS = PATTERNS["prodcons"]
NOTHING_WAITS = Backlog()


def listener(n: int, received: int, name: str = "one", **more: object) -> Report:
    counts = {"received": received, "elsewhere": 0, "malformed": 0, "missed": 0}
    delays = {"-350": received} if received else {}
    report = Report(name, n, time.time(), "prodcons", "listener", name, "here", 1)
    return replace(report, **{"counts": counts, "delays": delays, **more})  # type: ignore[arg-type]


def web(n: int, sent: int, **more: object) -> Report:
    report = Report("web", n, time.time(), "prodcons", "web", "web-1", "here", 1)
    return replace(report, counts={"sent": sent}, **more)  # type: ignore[arg-type]


def told(ledger: Ledger, after: float = 0.0, waiting: Backlog = NOTHING_WAITS) -> Figures:
    return figures(PRODCONS, ledger, waiting, time.monotonic() + after)


def reports(ledger: Ledger) -> list[Report]:
    """What Redis keeps of what a ledger has heard."""
    return [member.report for member in ledger.members.values()]


def test_the_sentence_is_about_all_listeners_not_only_those_shown() -> None:
    ledger, many = Ledger(), CARDS + 3
    for n in range(many):
        ledger.hear(listener(1, 1, f"l{n}", refused="Redis is full."))
    ledger.hear(web(1, many))
    some_figures = told(ledger)
    assert (len(some_figures["listeners"]), some_figures["more"]) == (CARDS, 3)
    assert some_figures["rest"].endswith(f", {many} listeners refused by Redis.")
    gone = told(ledger, after=GONE_AFTER + 1)
    assert gone["rest"].endswith(f", {many} listeners gone.")


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


def test_states_come_from_what_was_heard() -> None:
    def state(ledger: Ledger, after: float = 0.0) -> list[str]:
        return [card["state"] for card in told(ledger, after)["listeners"]]

    ledger = Ledger()
    ledger.hear(listener(1, 0))
    assert state(ledger) == ["waiting"]
    assert state(ledger, GONE_AFTER + 0.1) == ["gone"]
    assert state(ledger, 70) == []
    ledger.hear(listener(2, 0, in_hand=["web-1-1", "7"]))
    assert state(ledger) == ["working"]
    assert "«7» lost" in told(ledger, 4)["listeners"][0]["doing"]
    ledger.hear(listener(3, 1))
    ledger.hear(listener(4, 500))
    assert state(ledger) == ["working"]
    ledger.hear(listener(5, 500, left=True))
    assert state(ledger) == []
    assert ledger.moves.take()["prodcons"]["left"] == ["one"]


def test_delays_are_those_of_the_last_minute() -> None:
    ledger = Ledger()
    ledger.hear(listener(1, 3, delays={"182": 3}))  # 38 s
    assert told(ledger)["delay_p50_ms"] == told(ledger)["listeners"][0]["delay_p50_ms"] == 38100
    ledger.hear(listener(2, 8, delays={"182": 3, "-350": 5}))
    assert told(ledger)["delay_p50_ms"] == 0.912
    assert told(ledger)["delay_p99_ms"] == 38100
    assert told(ledger, after=MINUTE - 1)["delay_p99_ms"] == 38100
    assert told(ledger, after=MINUTE + 1)["delay_p99_ms"] is None
    ledger.hear(listener(3, 9, delays={"182": 3, "-350": 6}))
    assert told(ledger)["delay_p99_ms"] == 0.912


def test_what_was_taken_and_not_received_is_told_when_it_is_settled() -> None:
    ledger = Ledger()
    ledger.hear(web(1, 5))
    ledger.hear(listener(1, 3))
    assert told(ledger)["unreceived"] == 0, "a report of the listener may be on its way"
    settled = told(ledger, SETTLED_AFTER)
    assert settled["unreceived"] == 2
    assert told(ledger, SETTLED_AFTER, Backlog(2))["unreceived"] == 0
    ledger.hear(web(2, 9))
    assert told(ledger)["unreceived"] <= 2
    ledger.hear(listener(2, 9))
    assert told(ledger, SETTLED_AFTER)["unreceived"] == 0
    ledger.hear(web(3, 1, reset_at=2))
    assert told(ledger, SETTLED_AFTER)["unreceived"] == 1


@pytest.mark.parametrize("counts", [{"redelivered": 1}, {"dead": 1}])
def test_what_another_has_taken_over_is_nobodys_any_more(counts: dict[str, int]) -> None:
    ledger, reliable = Ledger(), PATTERNS["reliable"]

    def member(n: int, name: str, **more: object) -> Report:
        return replace(listener(n, 0, name), pattern="reliable", **more)  # type: ignore[arg-type]

    def orphaned() -> bool:
        made = figures(reliable, ledger, NOTHING_WAITS, time.monotonic())
        return "1 to be redelivered" in made["rest"]

    ledger.hear(web(1, 2, pattern="reliable"))
    ledger.hear(member(1, "dead", in_hand=["web-1-1", "7"]))
    ledger.members["dead"].heard -= GONE_AFTER
    ledger.hear(member(1, "busy", in_hand=["web-1-2", "8"], recent=[["web-1-2", "8", None]]))
    assert orphaned()
    ledger.hear(member(2, "busy", in_hand=["web-1-2", "8"], counts=counts))
    assert not orphaned()
    (busy, dead) = figures(reliable, ledger, NOTHING_WAITS, time.monotonic())["listeners"]
    assert busy["in_hand"] == ["web-1-2", "8"], "of those that live nothing was taken"
    assert dead["in_hand"] is None
    assert dead["doing"].endswith("while on 7, taken over")


def test_nobody_waits_while_messages_wait() -> None:
    ledger = Ledger()
    ledger.hear(listener(1, 0))
    (card,) = told(ledger, waiting=Backlog(3))["listeners"]
    assert card["state"] == "working"


def test_an_old_report_makes_nobody_gone_who_was_just_heard() -> None:
    ledger = Ledger()
    ledger.hear(listener(1, 0))
    ledger.load([replace(listener(2, 1), at=time.time() - 60)], 0, are_news=False)
    (card,) = told(ledger)["listeners"]
    assert (card["state"], card["received"]) == ("waiting", 1)
