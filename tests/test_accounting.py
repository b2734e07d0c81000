"""The counts against hand-made histories, and against all histories that can be made up."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.accounting import Account, account, backlog_order
from lab.history import ACKNOWLEDGED, UNKNOWN, Received, Unnumbered
from tests.histories import history, log, sent

NAMES = ("a", "b", "c")


def counts(told: Account) -> dict[str, int]:
    """Those that are not zero."""
    return {name: count for name, count in told.counts().items() if count}


def test_all_received_once_is_all_kept() -> None:
    told = account(history(sent(6), {"a": log(1, 3, 5), "b": log(2, 4, 6)}))
    assert counts(told) == {"attempted": 6, "acknowledged": 6, "received": 6, "skipped": 4}


def test_what_is_lost_is_named() -> None:
    told = account(history(sent(9), {"a": log(2, 3, 4, 5, 7)}))
    assert told.lost == 4
    assert told.lost_ids == {"all": ["web-1-1", "web-1-6", "web-1-8", "web-1-9"]}


def test_what_is_still_there_is_not_lost() -> None:
    told = account(history(sent(3), {"a": log(1)}, remaining={"all": ["web-1-2"]}))
    assert (told.left, told.lost) == (1, 1)


def test_received_again_is_counted_for_each_time() -> None:
    told = account(history(sent(2), {"a": log(1, 2, 2), "b": log(2)}))
    assert (told.duplicated, told.received, told.lost, told.backwards) == (2, 4, 0, 0)


def test_what_nobody_sent_is_unexpected() -> None:
    logs = {"a": [*log(1, 2, 7), Received(None, 1.0)]}
    assert account(history(sent(2), logs)).unexpected == 2


def test_a_message_whose_number_nobody_knows_is_expected_by_each_listener_that_hears_it() -> None:
    logs = {name: log(1, 2) for name in NAMES}
    run = replace(
        history(sent(1), logs, everyone=True), unnumbered=[Unnumbered(UNKNOWN, 1, 1.0, 1.1)]
    )
    assert account(run).unexpected == 0
    invented = replace(run, received={**logs, "a": log(1, 2, 7)})
    assert account(invented).unexpected == 1


def test_a_reply_that_was_lost_is_no_loss_and_may_be_recovered() -> None:
    told = account(history(sent(4, unknown=(2, 3)), {"a": log(1, 3, 4)}))
    assert (told.acknowledged, told.unknown, told.recovered, told.lost) == (2, 2, 1, 0)


def test_steps_back_and_over_are_told_for_each_sender_and_listener() -> None:
    mixed = [*log(1, 2), *log(1, 2, sender="web-2"), *log(4, 3)]
    told = account(history([*sent(4), *sent(2, "web-2")], {"a": mixed}))
    assert (told.backwards, told.skipped) == (1, 1)


def test_everyone_is_owed_each_message() -> None:
    told = account(history(sent(3), {"a": log(1, 2, 3), "b": log(1, 3)}, everyone=True))
    assert (told.lost, told.lost_ids, told.received) == (1, {"a": [], "b": ["web-1-2"]}, 5)


def test_whoever_comes_late_is_owed_what_is_sent_from_then_on() -> None:
    logs = {"a": log(1, 2, 3, 4), "late": log(2, 4)}
    told = account(history(sent(4), logs, everyone=True, since={"late": 2.5}))
    assert told.lost_ids == {"a": [], "late": ["web-1-3"]}
    assert not told.unexpected  # what it heard beyond that was sent


@pytest.mark.parametrize(
    ("logs", "order"),
    [
        ([log(1, 2, 3, 4, 5)] * 3, "oldest first"),
        ([log(1, 2, 3, 4, 5), log(2, 1, 4, 3, 5), log(1, 2, 3, 4, 5)], "in no order"),
        ([log(1, 2, 3, 4, 5), log(2, 1, 4, 3, 5), log(5, 4, 3, 2, 1)], "newest first"),
        ([log(5, 4, 3, 2, 1), log(1), []], "newest first"),
        ([log(1), []], ""),
    ],
)
def test_a_backlog_has_the_order_of_the_listener_that_is_farthest_from_what_is_declared(
    logs: list[list[Received]], order: str
) -> None:
    received = dict(zip(NAMES, logs, strict=False))
    assert backlog_order(history(sent(5), received, everyone=True, backlog_since=1.0)) == order


histories = st.integers(1, 30).flatmap(
    lambda count: st.tuples(
        st.just(count),
        st.sets(st.integers(1, count)),  # unknown
        st.lists(st.tuples(st.sampled_from(NAMES), st.integers(1, count + 5)), max_size=60),
    )
)


@pytest.mark.parametrize("everyone", [False, True])
@given(drawn=histories)
def test_the_counts_are_those_of_the_definition(
    everyone: bool, drawn: tuple[int, set[int], list[tuple[str, int]]]
) -> None:
    count, unknown, receipts = drawn
    messages = sent(count, unknown=sorted(unknown))
    logs = {name: log(*(seq for who, seq in receipts if who == name)) for name in NAMES}
    told = account(history(messages, logs, everyone))
    pools = list(logs.values()) if everyone else [[one for log_ in logs.values() for one in log_]]
    ids = [[one.id for one in pool] for pool in pools]
    attempted = {one.id for one in messages}
    acknowledged = {one.id for one in messages if one.outcome == ACKNOWLEDGED}
    assert told.lost == sum(len(acknowledged - set(pool)) for pool in ids)
    assert told.unexpected == sum(id_ not in attempted for pool in ids for id_ in pool)
    ours = [[id_ for id_ in pool if id_ in attempted] for pool in ids]
    assert told.duplicated == sum(len(pool) - len(set(pool)) for pool in ours)
    assert told.recovered == sum(len(set(pool) - acknowledged) for pool in ours)
    assert told.received == len(receipts)


@pytest.mark.parametrize("everyone", [False, True])
@given(st.integers(2, 30), st.data())
def test_each_anomaly_that_is_planted_is_found_alone(
    everyone: bool, count: int, data: st.DataObject
) -> None:
    """In a history where nothing else happens."""
    seqs = list(range(1, count + 1))
    at = data.draw(st.integers(0, count - 2))
    planted = {
        "lost": [*seqs[:at], *seqs[at + 1 :]],
        "duplicated": [*seqs[: at + 1], seqs[at], *seqs[at + 1 :]],
        "unexpected": [*seqs, count + 7],
        "backwards": [*seqs[:at], seqs[at + 1], seqs[at], *seqs[at + 2 :]],
    }
    for anomaly, received in planted.items():
        told = account(history(sent(count), {"a": log(*received)}, everyone))
        found = {name for name in planted if getattr(told, name)}
        assert found == {anomaly}
        assert getattr(told, anomaly) == 1
