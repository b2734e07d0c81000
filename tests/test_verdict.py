"""What is allowed, what is not, and what is said of it."""

import pytest

from lab.accounting import Account, Received, account
from lab.producer import schedule
from lab.verdict import Allowed, Verdict, judge
from tests.histories import log, sent

MESSAGES = sent(20)  # one each second, from 1.0 on


def verdict(
    logs: dict[str, list[Received]], allowed: Allowed, everyone: bool = True
) -> tuple[Verdict, Account]:
    told = account(MESSAGES, logs, everyone)
    return judge(told, allowed, MESSAGES), told


def test_nothing_lost_is_kept() -> None:
    assert verdict({"a": log(*range(1, 21))}, Allowed())[0] == Verdict("kept", "kept all", [])


@pytest.mark.parametrize(
    ("received", "allowed", "sentence"),
    [
        ([*range(1, 20)], Allowed(), "1 lost, where at most 0 may be."),
        ([*range(1, 21), 5], Allowed(), "1 received again, where at most 0 may be."),
        ([*range(1, 21), 99], Allowed(), "1 received that were never sent."),
        ([2, 1, *range(3, 21)], Allowed(), "1 received after one that was sent later."),
        ([*range(1, 18)], Allowed(lost=2), "3 lost, where at most 2 may be."),
    ],
)
def test_what_is_not_allowed_is_said(received: list[int], allowed: Allowed, sentence: str) -> None:
    told, _ = verdict({"a": log(*received)}, allowed)
    assert (told.kind, told.broken) == ("broken", [sentence])


def test_a_gap_for_each_absence_and_no_more() -> None:
    two_gaps = {"a": log(1, 2, 6, 7, 8, 9, 14, 15, 16, 17, 18, 19, 20)}
    told, _ = verdict(two_gaps, Allowed(away={"a": [3.0, 10.0]}))
    assert (told.kind, told.words) == ("allowed", "lost 7 of 20: all while away")
    told, _ = verdict(two_gaps, Allowed(away={"a": [3.0]}))
    assert told.broken == ["4 lost, where at most 0 may be."]
    told, _ = verdict(two_gaps, Allowed(away={"b": [3.0, 10.0]}))
    assert told.broken == ["7 lost, where at most 0 may be."]


def test_a_gap_before_the_absence_is_not_explained_by_it() -> None:
    told, _ = verdict({"a": log(*range(5, 21))}, Allowed(away={"a": [12.0]}))
    assert told.kind == "broken"


def test_the_words_tell_why_and_how_often() -> None:
    told, _ = verdict({"a": log(*range(1, 20), 3, 4)}, Allowed(1, "in hand", duplicated=2), False)
    assert (told.kind, told.words) == ("allowed", "lost 1 of 20: in hand, 2 twice")


def test_who_is_only_too_slow_breaks_no_promise() -> None:
    told = account(
        MESSAGES, {"a": log(1, 2)}, False, remaining={"all": {one.id for one in MESSAGES}}
    )
    assert judge(told, Allowed(), MESSAGES).broken == [
        "18 still waited in the end, and nobody took them."
    ]
    verdict_ = judge(told, Allowed(), MESSAGES, is_busy=True)
    assert (verdict_.broken, verdict_.words) == ([], "18 left waiting, not drained in time")


def test_the_same_seed_gives_the_same_schedule() -> None:
    assert schedule(100, 50, 7) == schedule(100, 50, 7) != schedule(100, 50, 8)
    times = schedule(100, 5_000, 7)
    assert times == sorted(times)
    assert 49 < times[-1] <= 50
    assert schedule(0, 3, 1) == [0.0] * 3
