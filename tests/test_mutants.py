"""The lab's own track record: listeners that tell wrongly, and what the judge must say of each."""

import re
from pathlib import Path

import pytest

from tests.planted import Row, assert_is, planted, play

NOTHING = "received nothing within 2 s after a fault"
LOST = "lost, which nothing excuses"
TWICE = "received again, which nothing excuses"
DISORDER = "out of order"
TIMES = "at times that cannot be."
BODY = "received with another body than was sent."
ASIDE = "put aside that kill nobody"
MUTANTS: list[Row] = [
    ("deploy", "pubsub", "deaf", "broken", NOTHING),
    ("cut", "pubsub", "deaf", "broken", NOTHING),
    ("killed", "fanout", "deaf", "broken", NOTHING),
    ("cut", "pubsub", "deaf_for_a_second", "broken", LOST),
    ("cut", "fanout", "only_the_first_five", "broken", LOST),
    ("cut", "pubsub", "not_the_first", "broken", LOST),
    ("restart-none", "prodcons", "every_second", "broken", LOST),
    ("late", "stream-each", "not_the_first_five", "broken", LOST),
    ("killed", "prodcons", "drop_some", "broken", LOST),
    ("killed", "prodcons", "drop_one", "broken", LOST),
    ("frozen", "prodcons", "drop_what_was_frozen", "broken", LOST),
    ("frozen", "stream", "few_twice", "broken", TWICE),
    ("cut", "pubsub", "few_twice", "broken", TWICE),
    ("cut", "stream", "first_three_times", "broken", TWICE),
    ("deploy", "prodcons", "swapped", "broken", DISORDER),
    ("cut", "reliable", "swapped", "broken", DISORDER),
    ("order-one", "stream", "swapped", "broken", DISORDER),
    ("order-one", "prodcons", "shuffled", "broken", DISORDER),
    ("order-one", "prodcons", "other_body", "broken", BODY),
    ("order-one", "reliable", "stale_id", "broken", BODY),
    ("order-one", "prodcons", "other_sender", "broken", "received that were never sent."),
    ("order-one", "prodcons", "hour_ago", "broken", TIMES),
    ("lost-pop", "pubsub", "in_an_hour", "broken", TIMES),
    ("order-one", "prodcons", "aside", "broken", ASIDE),
    ("order-one", "prodcons", "banner", "kept", "kept all"),
]
OLDEST = {"order": "oldest first"}


@pytest.mark.heavy
@pytest.mark.parametrize(("scenario", "pattern", "plant", "verdict", "reason"), MUTANTS)
def test_what_a_listener_tells_is_judged_as_what_it_is(
    scenario: str,
    pattern: str,
    plant: str,
    verdict: str,
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    listener = planted(pattern, f"telling.{plant}")
    told = play(scenario, pattern, tmp_path, monkeypatch, verdict, listener=listener)
    assert_is(told, verdict, reason)


@pytest.mark.heavy
@pytest.mark.parametrize(("pattern", "plant"), [("reliable", "halves"), ("stream", "truly")])
def test_who_tells_truly_is_not_told_off(
    pattern: str, plant: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listener = planted(pattern, f"telling.{plant}")
    told = play("killed", pattern, tmp_path, monkeypatch, "kept", listener=listener)
    # A kill may come when it has told of a message, and not acknowledged it.
    words = {"kept": "kept all", "allowed": r"\d twice"}[told["verdict"]]
    assert re.fullmatch(words, told["words"]), told["broken"]


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("plant", "verdict", "reason"),
    [("truly", "kept", "kept all, oldest first"), ("swapped", "broken", DISORDER)],
)
def test_who_takes_the_oldest_first_is_judged_by_that(
    plant: str, verdict: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listener = planted("prodcons", f"telling.{plant}", "--oldest-first")
    told = play(
        "order-one", "prodcons", tmp_path, monkeypatch, verdict, listener=listener, **OLDEST
    )
    assert_is(told, verdict, reason)


@pytest.mark.heavy
@pytest.mark.parametrize("scenario", ["killed", "slow"])
def test_who_does_not_work_is_found(
    scenario: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listener = planted("prodcons", "telling.truly", "--work 0.004")
    told = play(scenario, "prodcons", tmp_path, monkeypatch, "broken", listener=listener)
    assert_is(told, "broken", "before it had worked on them for")
