"""./scripts/compare --check FOLDER judges stored runs again, whatever their folders hold."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lab.compare import main
from lab.history.files import PRODUCER, READS, WITNESS, write_lines, write_notes
from lab.history.records import History, Received
from lab.judging.fates import ALL
from tests.histories import fault, handed, history, ids, probed, upto

Check = Callable[..., tuple[int, str, str]]

HANDED = handed(*range(1, 10))
KEPT = history(upto())
ALLOWED = history(upto(without=[5]), fault(5.25, 6.5), handed=HANDED)
BROKEN = history(upto(8), remaining={ALL: ids(9)})
INVALID = history(upto(), lag=2.0)


def line_of(one: Received) -> str:
    sender, _, seq = str(one.id).rpartition("-")
    body = f"body of {sender}-{seq}"
    return json.dumps({"id": one.id, "body": body, "received": one.at}) + "\n"


def store(run: History, folder: Path) -> Path:
    """Write a run as the lab does."""
    folder.mkdir(parents=True, exist_ok=True)
    run = probed(run)
    write_notes(folder, run.notes)
    keys = ("from", "first", "meant", "written", "answered", "outcome", "phase", "digests")
    writes = []
    for one in run.sent:
        values = (one.sender, one.seq, [one.meant], one.written, one.answered, one.outcome)
        writes.append(dict(zip(keys, [*values, one.phase, [one.digest]], strict=True)))
    write_lines(folder / f"{PRODUCER}.jsonl", writes)
    reads: list[tuple[float, str, int]] = []
    for name, log in run.received.items():
        text = ""
        for told in log:
            text += line_of(told)
            reads.append((told.read, name, len(text)))
        (folder / f"{name}.jsonl").write_text(text)
    write_lines(folder / READS, reads)
    seen = [("handed", *one) for one in run.handed] + [("line", *one) for one in run.lines]
    write_lines(folder / WITNESS, seen)
    return folder


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Check:
    """Run the command; returns its exit code, and what it wrote to stdout and stderr."""

    def run(folder: Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["compare", "--check", str(folder)])
        code = main()
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.mark.parametrize(
    ("run", "code", "said"),
    [
        (KEPT, 0, "kept (drained): kept all\n"),
        (ALLOWED, 4, "allowed (drained): lost 1 of 10: in hand\n"),
        (
            BROKEN,
            1,
            "broken (drained): 1 left waiting\n"
            "    1 still waited in the end, and nobody took them: web-1-9.\n",
        ),
        (
            INVALID,
            3,
            "invalid (drained): nothing was measured\n"
            "    The machine was too busy: the lab once had to wait for 2.0 s.\n",
        ),
    ],
    ids=["kept", "allowed", "broken", "invalid"],
)
def test_a_stored_run_is_judged(
    run: History, code: int, said: str, tmp_path: Path, check: Check
) -> None:
    assert check(store(run, tmp_path / "late-pubsub-ours-1")) == (
        code,
        f"late-pubsub-ours-1: {said}",
        "",
    )


@pytest.mark.parametrize(
    ("runs", "code"),
    [
        ((KEPT, KEPT), 0),
        ((KEPT, ALLOWED), 4),
        ((ALLOWED, INVALID, KEPT), 3),
        ((INVALID, BROKEN, ALLOWED), 1),
    ],
)
def test_the_code_of_many_is_that_of_the_worst(
    runs: tuple[History, ...], code: int, tmp_path: Path, check: Check
) -> None:
    for n, run in enumerate(runs):
        store(run, tmp_path / "raw" / f"run-{n}")
    found, said, _ = check(tmp_path)
    assert found == code
    assert [line.partition(":")[0] for line in said.splitlines() if line.startswith("run-")] == [
        f"run-{n}" for n in range(len(runs))
    ]


def test_an_attempt_that_was_made_again_does_not_count(tmp_path: Path, check: Check) -> None:
    store(KEPT, tmp_path / "run")
    store(INVALID, tmp_path / "run" / "invalid")
    assert check(tmp_path)[0] == 0
    assert check(tmp_path / "run" / "invalid")[0] == 3


def test_a_folder_without_a_history_is_refused(tmp_path: Path, check: Check) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        assert check(folder) == (2, "", f"{folder} holds no history of a run.\n")
