"""A report as it travels, and what is in it."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from messaging.message import LARGEST_SEQ, Message
from messaging.receiving.counts import Counts, ListenerReports
from messaging.receiving.events import Gap, Started
from messaging.reporting.report import BODY_SHOWN, RECENT, Report
from messaging.reporting.reporter import Recent
from messaging.sending.answers import Reached
from pages.live.web_reports import WebReports
from patterns import PATTERNS

REPORT = Report("here-1-a-prodcons", 3, 1.5, "prodcons", "listener", "one", "here", 1)


def test_a_report_travels_unchanged() -> None:
    assert Report.decode(REPORT.encode()) == REPORT


ANYTHING = some.none() | some.integers() | some.text() | some.lists(some.none() | some.text())


@given(some.dictionaries(some.sampled_from(sorted(vars(REPORT))), ANYTHING))
def test_what_is_no_report_is_refused(changes: dict[str, Any]) -> None:
    fields = {**json.loads(REPORT.encode()), **changes}
    try:
        report = Report.decode(json.dumps(fields).encode())
    except ValueError:
        return
    assert json.loads(report.encode()) == fields


@pytest.mark.parametrize("line", [b"", b"7", b"[]", b"{}", b"\xff", b'{"id": 7}', b"zero"])
def test_garbage_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match="no report"):
        Report.decode(line)


def test_only_the_newest_are_shown_and_only_their_beginnings() -> None:
    recent = Recent()
    for seq in range(1, RECENT + 6):
        recent.add(Message("長" * 2000, "web-1", seq, 1.0), reached=seq)
    shown = recent.take()
    assert [reached for _, _, reached in shown] == list(range(6, RECENT + 6))
    assert {len(body) for _, body, _ in shown} == {BODY_SHOWN}
    assert recent.take() == []


def test_a_report_about_what_others_sent_is_a_report() -> None:
    """However long their names are, and whatever numbers they make up."""
    counts, message = Counts(), Message("長" * 2000, "長" * 5000, LARGEST_SEQ, 1.0)
    reports = ListenerReports(counts, 1.0, lambda: REPORT, show=print)
    for event in (Gap("a", 2, LARGEST_SEQ), Gap("b", 2, LARGEST_SEQ), Started(message)):
        counts.count(event)
        reports.hear(event)
    report = reports.report(reset_at=0)
    assert report.in_hand
    assert Report.decode(report.encode()) == report
    assert report.counts["missed"] == LARGEST_SEQ
    recent = Recent()
    recent.add(message)
    assert Report.decode(replace(REPORT, recent=recent.take()).encode())
    reports.close()


def test_the_web_reports_what_changed_and_each_second_all() -> None:
    web = WebReports(PATTERNS)
    assert [report.pattern for report in web.describe()] == [*PATTERNS]
    assert web.describe() == []
    web.on_sent("pubsub", [Message("7", "web-1", 1, 1.0)], Reached([0]))
    (report,) = web.describe()
    assert (report.pattern, report.counts["sent"], len(report.recent)) == ("pubsub", 1, 1)
    assert web.describe() == []
    last = web.describe(is_last=True)
    assert [report.pattern for report in last] == [*PATTERNS]
    sent = {report.pattern: report.counts.get("sent", 0) for report in last}
    assert sent == {name: int(name == "pubsub") for name in PATTERNS}
