"""What a listener shows on a terminal: a real one, opened for the test."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator

import pytest
from redis import Redis

from messaging.message import Message
from messaging.receiving.terminal import GREY, WINE
from patterns import PATTERNS
from tests.processes import DEADLINE, ROOT
from web import SENDS


class Terminal:
    """A listener on a terminal, and all that it shows there."""

    def __init__(self, name: str, columns: int = 80, **environ: str) -> None:
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self._ours, self._shown = ours, b""
        clean = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "NO_COLOR")}
        self.process = subprocess.Popen(
            [sys.executable, f"listeners/{name}.py", "--name", "ears"],
            cwd=ROOT,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=clean | environ,
        )
        os.close(theirs)
        os.set_blocking(ours, False)

    def shows(self, text: str) -> str:
        """Wait until it shows that; the line in which it does."""
        deadline = time.monotonic() + DEADLINE
        while text.encode() not in self._shown:
            assert time.monotonic() < deadline, f"{text!r} is not in {self._shown.decode()}"
            try:
                self._shown += os.read(self._ours, 65_536)
            except BlockingIOError:
                time.sleep(0.01)
        return next(row for row in self._shown.decode().split("\r\n") if text in row)

    def close(self) -> None:
        self.process.kill()
        self.process.wait(DEADLINE)
        os.close(self._ours)


@pytest.fixture
def terminal() -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def open_one(name: str, columns: int = 80, waits: bool = True, **environ: str) -> Terminal:
        one = Terminal(name, columns, **environ)
        opened.append(one)
        if waits:
            one.shows("Ctrl-C stops.")
        return one

    yield open_one
    for one in opened:
        one.close()


@pytest.fixture
def terminals(terminal: Callable[..., Terminal]) -> Callable[..., dict[str, Terminal]]:
    """Opens one for each pattern, all at once."""

    def open_all(**environ: str) -> dict[str, Terminal]:
        opened = {name: terminal(name, waits=False, **environ) for name in PATTERNS}
        for one in opened.values():
            one.shows("Ctrl-C stops.")
        return opened

    return open_all


def send(redis: Redis, name: str, *bodies: str, first: int = 1) -> None:
    lines = [Message(b, "web", n, time.time()).encode() for n, b in enumerate(bodies, first)]
    SENDS[name](redis, lines)


def test_each_pattern_has_a_colour_of_its_own(
    terminals: Callable[..., dict[str, Terminal]], redis: Redis
) -> None:
    colours = {name: pattern.colours.terminal for name, pattern in PATTERNS.items()}
    assert len({*colours.values(), WINE, GREY}) == len(PATTERNS) + 2
    for name, shown in terminals().items():
        send(redis, name, "seven")
        assert f"\x1b[{colours[name]}mears          \x1b[0m" in shown.shows("seven")


def test_what_was_missed_is_wine_red(terminal: Callable[..., Terminal], redis: Redis) -> None:
    shown = terminal("pubsub")
    send(redis, "pubsub", "one")
    send(redis, "pubsub", "five", first=5)
    assert "\x1b[38;5;125mmissed 3 (2–4 from web)\x1b[0m" in shown.shows("missed")


def test_no_color_is_honoured_and_a_message_cannot_steer_the_terminal(
    terminals: Callable[..., dict[str, Terminal]], redis: Redis
) -> None:
    for name, shown in terminals(NO_COLOR="1").items():
        send(redis, name, "\x1b]0;title\x07\x9b31m\r\n\u202eend")
        row = shown.shows("end")
        assert r"\x1b]0;title\x07\x9b31m\r\n\u202eend" in row
        assert "\x1b" not in row


@pytest.mark.parametrize("body", ["x" * 2_048, "消" * 600])
def test_a_long_body_is_cut_to_one_row(
    body: str, terminal: Callable[..., Terminal], redis: Redis
) -> None:
    shown = terminal("pubsub", NO_COLOR="1")
    send(redis, "pubsub", body)
    row = shown.shows("…")
    columns = sum(2 if character == "消" else 1 for character in row)
    assert 78 <= columns <= 80


def test_a_narrow_terminal_shows_the_body_rather_than_the_delay(
    terminal: Callable[..., Terminal], redis: Redis
) -> None:
    shown = terminal("pubsub", columns=40, NO_COLOR="1")
    send(redis, "pubsub", "seven")
    row = shown.shows("seven")
    assert row.endswith("  seven")
    assert " ms " not in row


@pytest.mark.parametrize("columns", [41, 49, 60, 69, 80])
def test_a_short_body_leaves_room_for_the_delay(
    columns: int, terminal: Callable[..., Terminal], redis: Redis
) -> None:
    shown = terminal("pubsub", columns=columns, NO_COLOR="1")
    send(redis, "pubsub", "7")
    assert re.search(r"  +[\d.,]+ ms  7$", shown.shows("ms  7").rstrip())
