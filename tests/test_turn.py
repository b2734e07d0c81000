"""Turns come in the order in which one asked for them."""

import threading

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
        eventually(lambda number=number: len(turn._waiting) == number + 1)  # type: ignore[misc]
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
