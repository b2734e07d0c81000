"""Why a run has measured nothing: each reason, and histories that come close to it."""

import math

import pytest

from lab.history.records import REFUSED, SENDER, UNKNOWN, Fault, History, Received
from lab.judging.case import Case
from lab.judging.evidence import reasons
from lab.judging.verdict import INVALID
from lab.report.result import judged
from tests.histories import fault, handed, history, log, probed, sent, unnumbered, upto

STOPS = fault(4.5, 6.5, SENDER, stops_sender=True)
NEEDS_HANDS = fault(5.25, 6.5, needs_hands=True)
PAUSE = [one for one in sent() if one.seq not in (4, 5)]  # nothing from 3.1 to 6.0
PAUSED = upto(without=[4, 5])
DONE_TO_NOBODY = "1 sends failed, though nothing was done to the sender."


def refused(at: float) -> History:
    """A write after the last message failed at that time, and the sender was stopped."""
    failed = [unnumbered(REFUSED, 10, at=at)]
    return history(upto(), STOPS, unnumbered=failed)


# By what happens: a history, and the reasons why it says nothing.
REASONS: dict[str, tuple[History, list[str]]] = {
    "all is well": (history(upto()), []),
    "more was planned": (
        history(upto(), planned=1200),
        ["1,201 messages were planned, and 10 written."],
    ),
    "what was refused was also written": (refused(5.0), []),
    "nothing but probes": (history(upto(), messages=sent(phase="probe")), ["Nothing was sent."]),
    "nothing was acknowledged": (
        history([], STOPS, messages=sent(2, unknown=[1, 2], written=5.0, answered=5.1)),
        [
            "Nothing was sent.",
            "Nothing was sent after a fault (killed).",
        ],
    ),
    "a write failed before the sender was stopped": (refused(3.8), [DONE_TO_NOBODY]),
    "while it was stopped, it may": (refused(4.0), []),
    "until a moment later": (refused(6.9), []),
    "and not after that": (refused(7.1), [DONE_TO_NOBODY]),
    "a fault that does not stop the sender": (
        history(upto(), fault(4.5, 6.5), messages=sent(unknown=[5])),
        [DONE_TO_NOBODY],
    ),
    "unnamed messages, and no fault at all": (
        history(upto(), unnumbered=[unnumbered(UNKNOWN, *range(500))]),
        ["500 sends failed, though nothing was done to the sender."],
    ),
    "no evidence of a fault": (
        history(upto(), fault(4.5, 6.5, missing=["Redis did not die."])),
        ["Redis did not die."],
    ),
    "the load had ended before": (
        history(upto(), fault(14.5, 15.5)),
        [
            "Nothing was sent in the 5 s before a fault (killed).",
            "Nothing was sent while a was away.",
            "Nothing was sent after a fault (killed).",
        ],
    ),
    "the load ended meanwhile": (
        history(upto(), fault(8.5, 9.5)),
        ["Nothing was sent after a fault (killed)."],
    ),
    "a pause meanwhile": (
        history(PAUSED, fault(3.2, 5.9), messages=PAUSE),
        ["Nothing was sent while a was away."],
    ),
    "two were away": (
        history({"a": PAUSED, "b": []}, fault(3.2, 5.9, "a", "b"), messages=PAUSE),
        ["Nothing was sent while a, b were away."],
    ),
    "only a write that failed meanwhile": (
        history(PAUSED, fault(3.2, 5.9, stops_sender=True), messages=PAUSE,
                unnumbered=[unnumbered(REFUSED, 4, at=4.0)]),
        [],
    ),
    "a short one falls between two messages": (history(upto(), fault(3.2, 3.35)), []),
    "nobody is hit by it": (history(upto(), Fault("joined", 30.0, 31.0)), []),
    "nobody had a message in hand": (
        history(upto(), NEEDS_HANDS),
        ["Nobody had a message in hand (killed)."],
    ),
    "nobody of those who were hit": (
        history(upto(), NEEDS_HANDS, handed=handed(5, to="b")),
        ["Nobody had a message in hand (killed)."],
    ),
    "once somebody had": (
        history(upto(), fault(3.05, 3.2, needs_hands=True), NEEDS_HANDS, handed=handed(5)),
        [],
    ),
    "the lab waited a little": (history(upto(), lag=0.5), []),
    "the lab had to wait": (
        history(upto(), lag=1.26),
        ["The machine was too busy: the lab once had to wait for 1.3 s."],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("run", "found"), REASONS.values(), ids=REASONS)
def test_a_run_says_nothing_for_these_reasons(run: History, found: list[str]) -> None:
    assert [*reasons(Case(probed(run)))] == found


@pytest.mark.parametrize("received", [log(2, 3), log(11), []], ids=["late", "strange", "none"])
def test_a_listener_had_received_a_message_when_the_lab_began_to_count_on_it(
    received: list[Received],
) -> None:
    run = history({"a": upto(), "late": received}, since={"a": 1.5, "late": 1.5})
    assert [*reasons(Case(run))] == ["late was not there."]


def test_a_listener_that_never_came_was_not_there() -> None:
    run = history({"a": upto(), "b": upto()}, since={"a": 1.5, "b": math.inf})
    assert [*reasons(Case(run))] == ["b was not there."]


def test_what_has_measured_nothing_is_not_broken() -> None:
    told = judged(probed(history(upto(5), lag=2.0)))
    assert (told["verdict"], told["words"]) == (INVALID, "nothing was measured")
    assert told["guarantees"] == {}
