"""What became of each message: by hand-made histories, and by all that can be made up."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.history.records import ACKNOWLEDGED, REFUSED, UNKNOWN, History, Received
from lab.judging.fates import ALL, account
from tests.histories import CHANNEL, QUEUE, body, handed, history, ids, log, sent, unnumbered, upto

NAMES = ("a", "b", "c")


def counts(run: History) -> dict[str, int]:
    """Those that are not zero."""
    return {name: count for name, count in account(run).counts().items() if count}


ONE = {"attempted": 1, "acknowledged": 1, "received": 1}
ALL_SENT = {"attempted": 9, "acknowledged": 9}
ONE_UNKNOWN = {"attempted": 10, "acknowledged": 9, "unknown": 1}
UNNAMED = [unnumbered(UNKNOWN, 10)]
FATES = {
    "all once": (history(upto()), ALL_SENT | {"received": 9}),
    "lost": (
        history(upto(without=[4, 5])),
        ALL_SENT | {"received": 7, "lost": 2, "skipped": 1},
    ),
    "still there": (
        history(upto(without=[9]), remaining={ALL: ids(8, 9)}),
        ALL_SENT | {"received": 8, "left": 1, "unacknowledged": 1},
    ),
    "again, for each time": (
        history({"a": [*upto(), *log(9)], "b": log(9)}),
        ALL_SENT | {"received": 11, "duplicated": 2},
    ),
    "sent by nobody": (
        history([*upto(), *log(17), *log(1, id=None)]),
        ALL_SENT | {"received": 11, "unexpected": 2},
    ),
    "another body": (
        history([*upto(without=[9]), Received("web-1-9", body(8), 9.2, 9.3)]),
        ALL_SENT | {"received": 9, "altered": 1},
    ),
    "a reply that was lost is no loss, and may be recovered": (
        history(upto(without=[2]), messages=sent(unknown=[2, 3])),
        {"attempted": 9, "acknowledged": 7, "unknown": 2, "received": 8}
        | {"recovered": 1, "skipped": 1},
    ),
    "an unnamed send is known by its body": (
        history([*upto(), *log(10)], unnumbered=UNNAMED),
        ONE_UNKNOWN | {"received": 10},
    ),
    "by each who hears it": (
        history({one: [*upto(), *log(10)] for one in NAMES}, unnumbered=UNNAMED, promise=CHANNEL),
        ONE_UNKNOWN | {"received": 30},
    ),
    "it does not hide a forged one": (
        history([*upto(), *log(10, sender="forged")], unnumbered=UNNAMED),
        ONE_UNKNOWN | {"received": 10, "unexpected": 1},
    ),
    "nor itself a second time": (
        history([*upto(), *log(10, 10)], unnumbered=UNNAMED),
        ONE_UNKNOWN | {"received": 11, "unexpected": 1},
    ),
    "nor to another who shares": (
        history({"a": [*upto(), *log(10)], "b": log(10)}, unnumbered=UNNAMED),
        ONE_UNKNOWN | {"received": 11, "unexpected": 1},
    ),
    "what was refused was not sent": (
        history([*upto(), *log(10)], unnumbered=[unnumbered(REFUSED, 10, 11)]),
        ALL_SENT | {"attempted": 11, "refused": 2, "received": 10, "unexpected": 1},
    ),
    "steps, for each sender": (
        history(
            [*upto(), *log(1, 2, sender="b"), *log(4, 3, sender="b")],
            messages=[*sent(), *sent(4, "b")],
        ),
        {"attempted": 13, "acknowledged": 13, "received": 13, "backwards": 1, "skipped": 1},
    ),
    "put aside": (history(log(9, is_dead=True), messages=sent()[8:]), ONE | {"dead": 1}),
}


@pytest.mark.parametrize(("run", "found"), FATES.values(), ids=FATES)
def test_each_message_is_counted_by_what_became_of_it(run: History, found: dict[str, int]) -> None:
    assert counts(run) == found


def test_what_is_lost_is_named() -> None:
    (fate,) = account(history(log(2, 3, 4, 5, 7))).by_name.values()
    assert fate.lost == ids(1, 6, 8, 9)


def test_everyone_is_owed_each_message() -> None:
    told = account(history({"a": upto(), "b": upto(without=[2])}, promise=CHANNEL))
    assert {name: fate.lost for name, fate in told.by_name.items()} == {"a": [], "b": ids(2)}
    assert (told.lost, told.received) == (1, 17)


def test_whoever_comes_late_is_owed_what_is_sent_from_then_on() -> None:
    logs = {"a": upto(), "late": log(2, 4, 6, 7, 8, 9)}
    told = account(history(logs, promise=CHANNEL, since={"late": 3.5}))
    assert {name: fate.lost for name, fate in told.by_name.items()} == {"a": [], "late": ids(5)}
    assert not told.unexpected  # what it heard beyond that was sent


def test_whatever_a_listener_was_handed_is_due() -> None:
    """Also before it was counted on, and where the reply to its sender was lost."""
    seen: dict[str, Any] = {
        "handed": handed(2, 3, 7),
        "messages": sent(unknown=[7]),
        "since": {"a": 3.5},
    }
    (fate,) = account(history(upto(without=[1, 3, 7]), promise=CHANNEL, **seen)).by_name.values()
    assert fate.lost == ids(3, 7)


def test_what_waits_for_one_listener_is_lost_for_another() -> None:
    logs = {name: log(1) for name in ("a", "b")}
    told = account(history(logs, promise=CHANNEL, messages=sent(2), remaining={"a": ids(2)}))
    fates = told.by_name
    assert (fates["a"].left, fates["a"].lost) == (ids(2), [])
    assert (fates["b"].left, fates["b"].lost) == ([], ids(2))


drawn = st.integers(1, 30).flatmap(
    lambda count: st.tuples(
        st.just(count),
        st.sets(st.integers(1, count)),  # unknown
        st.lists(st.tuples(st.sampled_from(NAMES), st.integers(1, count + 5)), max_size=60),
    )
)


@pytest.mark.parametrize("promise", [QUEUE, CHANNEL], ids=["one", "everyone"])
@given(made=drawn)
def test_the_counts_are_those_of_the_definition(
    promise: Any, made: tuple[int, set[int], list[tuple[str, int]]]
) -> None:
    count, unknown, receipts = made
    messages = sent(count, unknown=sorted(unknown))
    logs = {name: log(*(seq for who, seq in receipts if who == name)) for name in NAMES}
    told = account(history(logs, messages=messages, promise=promise))
    everyone = promise.everyone_hears
    pools = list(logs.values()) if everyone else [[one for log_ in logs.values() for one in log_]]
    pooled = [[one.id for one in pool] for pool in pools]
    attempted = {one.id for one in messages}
    acknowledged = {one.id for one in messages if one.outcome == ACKNOWLEDGED}
    assert told.lost == sum(len(acknowledged - set(pool)) for pool in pooled)
    assert told.unexpected == sum(id_ not in attempted for pool in pooled for id_ in pool)
    ours = [[id_ for id_ in pool if id_ in attempted] for pool in pooled]
    assert told.duplicated == sum(len(pool) - len(set(pool)) for pool in ours)
    assert told.recovered == sum(len(set(pool) - acknowledged) for pool in ours)
    assert told.received == len(receipts)


@pytest.mark.parametrize("promise", [QUEUE, CHANNEL], ids=["one", "everyone"])
@given(st.integers(2, 30), st.data())
def test_each_anomaly_that_is_planted_is_found_alone(
    promise: Any, count: int, data: st.DataObject
) -> None:
    """In a history where nothing else happens."""
    at = data.draw(st.integers(0, count - 2))
    logs = upto(count)
    planted = {
        "lost": [*logs[:at], *logs[at + 1 :]],
        "duplicated": [*logs[: at + 1], logs[at], *logs[at + 1 :]],
        "unexpected": [*logs, *log(count + 7)],
        "altered": [*logs[:at], logs[at]._replace(digest=body(0)), *logs[at + 1 :]],
        "backwards": [*logs[:at], logs[at + 1], logs[at], *logs[at + 2 :]],
    }
    for anomaly, received in planted.items():
        told = account(history(received, messages=sent(count), promise=promise))
        assert {name: getattr(told, name) for name in planted if getattr(told, name)} == {
            anomaly: 1
        }
