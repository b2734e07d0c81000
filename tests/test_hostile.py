"""A stored run with hostile or broken content is judged, or refused in a sentence."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.histories import history, upto
from tests.test_check import ALLOWED, KEPT, Check, check, store

__all__ = ["check"]

DEEP = "[" * 100_000
MANY = "9" * 400  # digits
ESCAPE = "\x1b[2J"

# Lines in the log of a listener. Each is told of, or is no message at all.
JUDGED = {
    "a time that is infinite": '{"id": "web-1-9", "body": "x", "received": 1e400}',
    "a time with many digits": f'{{"id": "web-1-9", "body": "x", "received": {MANY}}}',
    "a time that is no number": '{"id": "web-1-9", "body": "x", "received": NaN}',
    "a time that is a word": '{"id": "web-1-9", "body": "x", "received": "now"}',
    "a time of long ago": '{"id": "web-1-9", "body": "x", "received": -1e300}',
    "a time of long after": '{"id": "web-1-9", "body": "x", "received": 1e300}',
    "a body that is a list": '{"id": "web-1-9", "body": [[1], {"a": 2}]}',
    "an id that is a number": '{"id": 7, "body": "x"}',
    "an id that is a list": '{"id": ["web-1-9"], "body": "x"}',
    "an id that is half a character": '{"id": "\\ud800", "dead": "\\ud800"}',
    "an id that clears the screen": '{"id": "\\u001b[2J", "dead": "x"}',
    "a sender that is a list": '{"from": [], "seq": {}, "body": "x"}',
    "no JSON": "Traceback (most recent call last):",
    "no UTF-8": b"\xff\xfe{\x00",
    "a list": "[1, 2]",
    "nothing": "null",
    "a number with many digits": "9" * 5_000,
    "very deep": DEEP,
    "very deep in a body": f'{{"body": {DEEP}',
}


@pytest.mark.parametrize("line", JUDGED.values(), ids=JUDGED)
def test_whatever_a_listener_prints_is_judged(
    line: str | bytes, tmp_path: Path, check: Check
) -> None:
    log = store(history(upto(8)), tmp_path) / "a.jsonl"
    log.write_bytes(log.read_bytes() + (line if isinstance(line, bytes) else line.encode()))
    code, said, errors = check(tmp_path)
    assert code == 1  # message 9 is lost, or has another body
    assert said.startswith(f"{tmp_path.name}: ")
    assert ESCAPE not in said
    assert not errors


REFUSED: dict[str, tuple[str, str]] = {
    "notes that are empty": ("notes.json", ""),
    "notes that are a list": ("notes.json", "[]"),
    "notes without a promise": ("notes.json", "{}"),
    "very deep notes": ("notes.json", DEEP),
    "writes that are numbers": ("producer.jsonl", "7\n"),
    "a write with too few digests": (
        "producer.jsonl",
        '{"outcome": "acknowledged", "from": "a", "first": 1, "written": 1, "answered": 1, '
        '"phase": "main", "meant": [1, 2], "digests": []}',
    ),
    "sizes of logs that are words": ("reads.jsonl", '[1, "a", "many"]\n'),
    "a witness that tells of something else": ("witness.jsonl", '["handed", 1]\n'),
    "a witness that is very deep": ("witness.jsonl", DEEP),
    "a line that nobody opened": (
        "witness.jsonl",
        '["handed", "a", 99, 1, "web-1-5", 4.6, 5.15, true]\n',
    ),
}


@pytest.mark.parametrize(("name", "content"), REFUSED.values(), ids=REFUSED)
def test_what_the_lab_has_not_written_is_refused(
    name: str, content: str, tmp_path: Path, check: Check
) -> None:
    (store(ALLOWED, tmp_path) / name).write_text(content)
    code, said, errors = check(tmp_path)
    assert (code, said) == (2, "")
    assert errors.startswith(f"{tmp_path} holds no history that can be judged: ")
    assert len(errors.splitlines()) == 1


WRONG: dict[str, Any] = {
    "promise": "all",
    "listeners": {"a": 3},
    "faults": [3],
    "planned": "many",
    "poisons": 3,
    "remaining": [1],
    "dead_letters": [None],
    "lag": "long",
    "stops": {"a": 3},
    "breaches": [3],
    "findings": 3,
    "figures": [3],
    "lengths": [3],
    "later": 1,
}


@pytest.mark.parametrize("field", WRONG)
def test_a_wrong_field_in_the_notes_is_refused(field: str, tmp_path: Path, check: Check) -> None:
    path = store(KEPT, tmp_path) / "notes.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {field: WRONG[field]}))
    code, said, errors = check(tmp_path)
    assert (code, said) == (2, "")
    assert len(errors.splitlines()) == 1


@pytest.mark.parametrize("name", ["notes.json", "producer.jsonl", "a.jsonl", "reads.jsonl"])
def test_a_file_that_is_a_folder_is_refused(name: str, tmp_path: Path, check: Check) -> None:
    path = store(KEPT, tmp_path) / name
    path.unlink()
    path.mkdir()
    code, said, errors = check(tmp_path)
    assert (code, said) == (2, "")
    assert errors.startswith(f"{tmp_path} holds no history")
