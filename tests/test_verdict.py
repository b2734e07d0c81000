"""What is allowed, what is not, and what is said of it."""

import json
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from lab.accounting import account
from lab.history import NOTES, REFUSED, Fault, Notes, Received, Unnumbered
from lab.producer import schedule
from lab.verdict import Verdict, allow, judge, main
from patterns import COMPARED
from patterns.declaration.pattern import Pattern
from tests.histories import history, log, sent

MESSAGES = sent(20)  # one each second, from 1.0 on


def verdict(received: list[Received], *faults: Fault, everyone: bool = False) -> Verdict:
    """What is said of a run of prodcons or pubsub with one listener."""
    run = history(MESSAGES, {"a": received}, everyone, faults)
    return judge(run, account(run))


def test_nothing_lost_is_kept() -> None:
    told = verdict(log(*range(1, 21)), everyone=True)
    assert told == Verdict("kept", "kept all", [])


@pytest.mark.parametrize(
    ("received", "sentence"),
    [
        ([*range(1, 20)], "1 lost, where at most 0 may be."),
        ([*range(1, 21), 5], "1 received again, where at most 0 may be."),
        ([*range(1, 21), 99], "1 received that were never sent."),
        ([2, 1, *range(3, 21)], "1 received after one that was sent later."),
    ],
)
def test_what_is_not_allowed_is_said(received: list[int], sentence: str) -> None:
    told = verdict(log(*received), everyone=True)
    assert (told.verdict, told.broken) == ("broken", [sentence])


def test_no_more_is_lost_than_was_in_hand() -> None:
    faults = [Fault(5.0, lost=1), Fault(9.0, lost=1)]
    assert verdict(log(*range(1, 19)), *faults).verdict == "allowed"
    told = verdict(log(*range(1, 18)), *faults)
    assert told.broken == ["3 lost, where at most 2 may be."]


def test_a_gap_for_each_absence_and_no_more() -> None:
    two_gaps = log(1, 2, 6, 7, 8, 9, 14, 15, 16, 17, 18, 19, 20)
    told = verdict(two_gaps, Fault(3.0, ["a"], 5.5), Fault(10.0, ["a", "b"], 13.5), everyone=True)
    assert (told.verdict, told.words) == ("allowed", "lost 7 of 20 deliveries: all while away")
    told = verdict(two_gaps, Fault(3.0, ["a"], 5.5), everyone=True)
    assert told.broken == ["4 lost, where at most 0 may be."]
    told = verdict(two_gaps, Fault(3.0, ["b"], 5.5), Fault(10.0, ["b"], 13.5), everyone=True)
    assert told.broken == ["7 lost, where at most 0 may be."]


def test_a_gap_goes_on_when_the_sender_takes_a_new_name() -> None:
    """As it does after a send whose outcome is unknown."""
    renamed = [one._replace(sender="web-0") if one.seq > 10 else one for one in MESSAGES]
    received = [Received(one.id, 100.0) for one in renamed if not 8 <= one.seq <= 12]
    run = history(renamed, {"a": received}, everyone=True, faults=[Fault(8.0, ["a"], 12.5)])
    assert judge(run, account(run)).words == "lost 5 of 20 deliveries: all while away"


def test_a_gap_before_the_absence_is_not_explained_by_it() -> None:
    assert verdict(log(*range(5, 21)), Fault(12.0, ["a"], 14.0), everyone=True).verdict == "broken"


def test_an_absence_excuses_nothing_where_messages_are_kept() -> None:
    told = verdict(log(1, 2, *range(6, 21)), Fault(3.0, ["a"]))
    assert told.broken == ["3 lost, where at most 0 may be."]


def test_the_words_tell_where_and_how_often() -> None:
    told = verdict(log(*range(1, 20), 3, 4), Fault(5.0, lost=1, where="in the lost reply"))
    assert told.words == "lost 1 of 20: in the lost reply, 2 twice"
    two_gaps = log(1, 2, *range(6, 20))
    fault = Fault(3.0, ["a"], 5.5, lost=1)
    told = verdict(two_gaps, fault, everyone=True)
    assert told.words == "lost 4 of 20 deliveries: 3 while away, 1 in hand"


@pytest.mark.parametrize("pattern", COMPARED.values(), ids=COMPARED)
def test_a_pattern_may_lose_or_repeat_but_never_both(pattern: Pattern) -> None:
    """By what it declares; each excuse is for one kind of pattern."""
    allowed = allow(pattern, [Fault(1.0, ["a"], lost=3, repeated=6)])
    excuses = [len(allowed.absences), allowed.lost, allowed.repeated]
    if not pattern.keeps:
        assert excuses == [1, 0, 0]
    else:
        assert excuses == ([0, 0, 6] if pattern.redelivers else [0, 3, 0])
    forgotten = allow(pattern, [Fault(1.0, ["a"], forgotten=True)])
    assert (forgotten.lost == float("inf")) == pattern.keeps


def test_what_is_left_is_never_kept() -> None:
    left = {"all": [one.id for one in MESSAGES]}
    run = history(MESSAGES, {"a": log(1, 2)}, remaining=left)
    assert judge(run, account(run)).broken == [
        "18 still waited in the end, and nobody took them.",
        "2 were received and never acknowledged.",
    ]
    busy = history(MESSAGES, {"a": log(1, 2)}, remaining=left, is_busy=True)
    told = judge(busy, account(busy))
    assert told.verdict == "invalid"
    assert told.broken == ["The listeners still worked when the time was over."]


def stored(folder: Path, *received: int) -> Path:
    """A run of prodcons with two messages, as its folder holds it."""
    write = {"from": "web-1", "first": 1, "meant": [1.0, 1.1], "outcome": "acknowledged"}
    (folder / "producer.jsonl").write_text(json.dumps(write | {"written": 1.2, "answered": 1.3}))
    lines = [json.dumps({"id": f"web-1-{seq}", "body": "x", "received": 2.0}) for seq in received]
    (folder / "a.jsonl").write_text("\n".join(lines))
    Notes("prodcons", since={"a": 0.5}, faults=[Fault(0.9, ["a"], 1.5)]).write(folder)
    return folder


@pytest.mark.parametrize(
    ("received", "code", "said"),
    [
        ((1, 2), 0, "kept (drained): kept all\n"),
        ((2,), 1, "broken (drained): lost 1 of 2\n1 lost, where at most 0 may be.\n"),
    ],
)
def test_a_command_judges_a_stored_run(
    received: tuple[int, ...],
    code: int,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["verdict", str(stored(tmp_path, *received))])
    assert main() == code
    assert capsys.readouterr().out == said


@pytest.mark.parametrize(
    "notes",
    [
        None,
        "",
        "[]",
        '{"pattern": "prodcons"}',
        json.dumps(asdict(Notes("nothing"))),
        json.dumps(asdict(Notes("prodcons")) | {"later": 1}),
        json.dumps(asdict(Notes("prodcons", since={"b": 1.0}))),
    ],
)
def test_a_folder_without_a_history_is_refused_in_a_sentence(
    notes: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if notes is not None:
        (stored(tmp_path) / NOTES).write_text(notes)
    monkeypatch.setattr(sys, "argv", ["verdict", str(tmp_path)])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    assert f"{tmp_path} holds no history that can be judged" in capsys.readouterr().err


def test_the_same_seed_gives_the_same_schedule() -> None:
    assert schedule(100, 50, 7) == schedule(100, 50, 7) != schedule(100, 50, 8)
    times = schedule(100, 5_000, 7)
    assert times == sorted(times)
    assert 49 < times[-1] <= 50
    assert schedule(0, 3, 1) == [0.0] * 3


# What has measured nothing, and why: seen in runs whose load or fault was planted not to happen.
@pytest.mark.parametrize(
    ("notes", "unnumbered", "reason"),
    [
        ({}, [Unnumbered(REFUSED, 500, 4.0, 4.1)], "500 sends failed, though nothing was done to"),
        ({"planned": 900}, [], "900 messages were planned, and 20 written."),
        ({"invalid": ["The poison killed nobody."]}, [], "The poison killed nobody."),
        ({"faults": [Fault(30.0, ["a"], 31.0)]}, [], "Nothing was sent while a was away."),
    ],
)
def test_a_run_without_its_load_or_its_fault_is_invalid(
    notes: dict[str, Any], unnumbered: list[Unnumbered], reason: str
) -> None:
    run = history(MESSAGES, {"a": log(*range(1, 21))}, **notes)
    run = replace(run, unnumbered=unnumbered)
    told = judge(run, account(run))
    assert told.verdict == "invalid"
    assert told.broken[0].startswith(reason)


def test_what_fails_while_the_sender_is_stopped_is_no_reason() -> None:
    fault = Fault(4.0, (), 5.0, stops_sender=True)
    run = history(MESSAGES, {"a": log(*range(1, 21))}, faults=[fault])
    run = replace(run, unnumbered=[Unnumbered(REFUSED, 5, 4.2, 4.3)])
    assert judge(run, account(run)).verdict == "kept"


def test_who_never_hears_again_is_not_excused() -> None:
    """Deaf from a fault on, or for longer than it was away."""
    deaf = verdict(log(1, 2, 3), Fault(3.5, ["a"], 6.0), everyone=True)
    assert deaf.broken == [
        "14 lost, where at most 0 may be.",
        "a received nothing more of what was sent after the last fault.",
    ]
    longer = verdict(log(1, 2, 3, *range(10, 21)), Fault(3.5, ["a"], 6.0), everyone=True)
    assert longer.broken == ["3 lost, where at most 0 may be."]
    run = history(MESSAGES, {"a": log(*range(1, 21)), "b": log()}, faults=[Fault(3.5, ["b"], 6.0)])
    assert judge(run, account(run)).broken == [
        "b received nothing more of what was sent after the last fault."
    ]


def test_healthy_messages_that_are_put_aside_are_told() -> None:
    received = [one._replace(is_dead=one.id == "web-1-7") for one in log(*range(1, 21))]
    assert verdict(received).broken == ["1 put aside, where at most 0 may be."]
