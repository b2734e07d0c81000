"""What the figures say of listeners, of delays, and of what waits."""

import time
from dataclasses import replace

import pytest

from messaging.reporting.report import Report
from pages.live.figures import CARDS, figures
from pages.live.ledger import Ledger
from pages.live.member import GONE_AFTER
from pages.live.past import MINUTE, SETTLED_AFTER
from patterns import PATTERNS
from patterns.declaration.store import Backlog
from tests.told import NOTHING_WAITS, listener, told, web


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
