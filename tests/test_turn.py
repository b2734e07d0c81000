"""Turns come in the order in which one asked for them, and who waits learns what went wrong."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from redis import Redis, exceptions

from messaging.sending import sender as sending
from messaging.sending.answers import Length
from messaging.sending.sender import STUCK_AFTER, NotSentError, OutcomeUnknownError, Sender
from messaging.sending.turn import Turn
from tests.processes import eventually


def test_turns_come_in_the_order_of_asking() -> None:
    turn, order = Turn(), list[int]()
    assert turn.take(0)

    def wait(number: int) -> None:
        assert turn.take(10)
        order.append(number)
        turn.give()

    threads = []
    for number in range(20):
        threads.append(threading.Thread(target=wait, args=(number,)))
        threads[-1].start()
        eventually(lambda number=number: len(turn._line) == number + 2)  # type: ignore[misc]
    turn.give()
    for thread in threads:
        thread.join()
    assert order == list(range(20))


def test_whoever_gives_up_is_passed_over() -> None:
    turn = Turn()
    assert turn.take(0)
    assert not turn.take(0.01)
    turn.give()
    assert turn.take(0)
    assert not turn.take(0)


def test_a_turn_is_one_at_a_time() -> None:
    turn, inside, most = Turn(), 0, 0

    def work() -> None:
        nonlocal inside, most
        for _ in range(200):
            if turn.take(0.001):
                inside += 1
                most = max(most, inside)
                inside -= 1
                turn.give()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    assert turn.take(0)


Send = Callable[[Redis, list[bytes]], Length]


def two_sends(first: Send, second: Send) -> tuple["Future[object]", "Future[object]"]:
    """The second begins to wait while the first has the turn; both have ended on return."""
    sender, begun = Sender(), threading.Event()

    def first_of_two(redis: Redis, lines: list[bytes]) -> Length:
        begun.set()
        eventually(lambda: len(sender._turn._line) > 1)
        return first(redis, lines)

    def send(one: Send) -> object:
        return sender.send("prodcons", one, ["7"], lambda _: 0)

    with ThreadPoolExecutor(2) as threads:
        one = threads.submit(send, first_of_two)
        assert begun.wait(10)
        two = threads.submit(send, second)
    return one, two


def test_nothing_is_refused_because_redis_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    def pause(redis: Redis, lines: list[bytes]) -> Length:
        time.sleep(2 * STUCK_AFTER)
        return Length(1)

    monkeypatch.setattr(sending, "PATIENCE", 20)  # seconds; a busy machine pauses us as well
    one, two = two_sends(pause, lambda *_: Length(2))
    assert [one.exception(), two.exception()] == [None, None]


def test_whoever_waited_for_a_send_without_a_reply_does_not_wait_for_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def silent(redis: Redis, lines: list[bytes]) -> Length:
        raise exceptions.TimeoutError

    monkeypatch.setattr(sending, "PATIENCE", 20)
    one, two = two_sends(silent, lambda *_: pytest.fail("it asked a silent Redis once more"))
    assert isinstance(one.exception(), OutcomeUnknownError)
    assert isinstance(two.exception(), NotSentError)


def test_whoever_waits_long_for_a_stuck_send_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    stuck = threading.Event()
    monkeypatch.setattr(sending, "PATIENCE", STUCK_AFTER * 1.1)
    sender = Sender()
    with ThreadPoolExecutor(1) as threads:
        threads.submit(
            sender.send, "prodcons", lambda *_: Length(stuck.wait(30)), ["7"], lambda _: 0
        )
        eventually(lambda: sender._turn._line)
        with pytest.raises(NotSentError, match="Another message waits for Redis"):
            sender.send("prodcons", lambda *_: Length(1), ["7"], lambda _: 0)
        stuck.set()
