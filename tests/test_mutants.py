"""The lab's own track record: runs with a planted fault, and what the judge must say of each."""

from pathlib import Path

import pytest

from lab.history import Job, Settings
from lab.pool import make
from tests.test_lab import faulty

LATER = "nothing more of what was sent after the last fault."
# The scenario, the pattern, the fault of the listener, the verdict, and a part of its reason.
MUTANTS = [
    ("steady", "reliable", "idle", "broken", "were received and never acknowledged."),
    ("steady", "stream", "idle", "broken", "were received and never acknowledged."),
    ("steady", "prodcons", "aside", "broken", "put aside, where at most 0 may be."),
    ("deploy", "pubsub", "deaf", "broken", LATER),
    ("deploy", "prodcons", "deaf", "broken", LATER),
    ("killed", "fanout", "deaf", "broken", LATER),
]


@pytest.mark.heavy
@pytest.mark.parametrize(("scenario", "pattern", "fault", "verdict", "reason"), MUTANTS)
def test_a_planted_fault_is_judged_as_what_it_is(
    scenario: str,
    pattern: str,
    fault: str,
    verdict: str,
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    been_here, run = tmp_path / "been-here", tmp_path / "run"
    been_here.mkdir()
    run.mkdir()
    monkeypatch.setenv("BEEN_HERE", str(been_here))
    settings = Settings(quick=True, listener=faulty(pattern, fault))
    told = make(Job(scenario, pattern, settings), run)
    assert told["verdict"] == verdict, told
    assert any(reason in sentence for sentence in told["broken"]), told["broken"]


@pytest.mark.heavy
def test_whoever_outlives_the_stop_is_told_of_and_ended(tmp_path: Path) -> None:
    """A child in a session of its own, which ignores SIGTERM."""
    listener = f"setsid sh -c \"trap '' TERM; sleep 1000\" & {faulty('prodcons', 'none')}"
    told = make(Job("deploy", "prodcons", Settings(quick=True, listener=listener)), tmp_path)
    assert told["verdict"] == "broken"
    assert "and 2 of its processes went on." in told["broken"][0]
