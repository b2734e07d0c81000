"""Fixtures of a demo that is asked for things as its page does: one that obeys, one untouched."""

import sys
from collections.abc import Iterator

import pytest

from tests.acting import COMMAND, Playing
from tests.parts import Demo
from tests.processes import processes


@pytest.fixture(scope="module")
def played() -> Iterator[Playing]:
    """A demo for all tests of a file, beside which somebody listens by hand."""
    with processes() as start:
        play = Playing(start, start(Demo, [sys.executable, *COMMAND]))
        for pattern in ("prodcons", "pubsub"):
            play.listen(pattern)
        yield play
        assert "Traceback" not in play.demo.text


@pytest.fixture
def play(played: Playing) -> Iterator[Playing]:
    """Two normal listeners of each pattern; those by hand are never touched."""
    played.calm()
    yield played
    assert not any(one.has_ended() for one in played.by_hand.values())


@pytest.fixture(scope="module")
def untouched() -> Iterator[Playing]:
    """A demo to which nothing happens; somebody listens by hand beside it."""
    with processes() as start:
        play = Playing(start, start(Demo, [sys.executable, *COMMAND]))
        play.listen("prodcons")
        with play.changes_only():
            yield play
        assert "Traceback" not in play.demo.text
