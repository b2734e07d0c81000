"""The sending end: numbers in the order of writing, one write for many, the limit of a queue."""

import threading

import pytest
from redis import Redis

from messaging.sending.answers import Length, Reached
from messaging.sending.sender import NotSentError, Sender
from patterns import PATTERNS
from tests.places import KEEPING, each_pattern, kept, kept_messages
from tests.proxy import Proxy
from tests.sends import ask, send


@pytest.fixture
def sender() -> Sender:
    return Sender()


@each_pattern
def test_numbers_begin_at_1_for_each_pattern(name: str, sender: Sender) -> None:
    for other in PATTERNS:
        if other != name:
            send(sender, other, ["x"])
    first = send(sender, name, ["a"])
    many = send(sender, name, ["b", "c", "d"])
    assert (first.first, first.last, first.count) == (1, 1, 1)
    assert (many.first, many.last, many.count) == (2, 4, 3)
    assert first.sender == many.sender


def test_the_message_says_who_sent_it_and_when(sender: Sender, redis: Redis) -> None:
    sent = send(sender, "prodcons", ["七", "8"])
    messages = kept_messages(redis, "prodcons")
    assert [m.body for m in messages] == ["七", "8"]
    assert [m.id for m in messages] == [f"{sent.sender}-1", f"{sent.sender}-2"]
    assert all(m.sent for m in messages)


def test_two_senders_have_two_names() -> None:
    assert len({send(Sender(), "pubsub", [""]).sender for _ in range(20)}) == 20


def test_many_threads_are_numbered_in_the_order_of_writing(sender: Sender, redis: Redis) -> None:
    def send_many() -> None:
        for _ in range(25):
            send(sender, "prodcons", ["x", "y"])

    threads = [threading.Thread(target=send_many) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [m.seq for m in kept_messages(redis, "prodcons")] == list(range(1, 401))


@pytest.mark.parametrize("name", KEEPING)
def test_a_queue_takes_all_of_a_send_or_none(name: str, redis: Redis) -> None:
    sender = Sender()
    send(sender, name, ["x"] * 9, limit=10)
    with pytest.raises(NotSentError, match="9 of at most 10 messages: 2 more would be too many"):
        send(sender, name, ["x"] * 2, limit=10)
    assert ask(sender, name, ["x"], limit=10)[1] == Length(10)
    with pytest.raises(NotSentError):
        send(sender, name, ["x"], limit=10)
    assert len(kept(redis, name)) == 10
    redis.delete(PATTERNS[name].place)
    again, answer = ask(sender, name, ["x"] * 10, limit=10)
    assert (again.first, answer) == (11, Length(10))  # what was refused took no numbers


def test_below_the_limit_nobody_asks_for_the_length(redis: Redis) -> None:
    sender = Sender()
    send(sender, "prodcons", ["x"], limit=10)
    redis.config_resetstat()
    for _ in range(9):
        send(sender, "prodcons", ["x"], limit=10)
    with pytest.raises(NotSentError):
        send(sender, "prodcons", ["x"], limit=10)
    calls = {name: stat["calls"] for name, stat in redis.info("commandstats").items()}
    assert calls["cmdstat_lpush"] == 9
    assert calls["cmdstat_llen"] == 1


def test_a_channel_has_no_limit() -> None:
    assert not PATTERNS["pubsub"].keeps
    assert ask(Sender(), "pubsub", ["x"] * 5)[1] == Reached([0] * 5)


@each_pattern
def test_many_messages_are_one_write(name: str, before_all: Proxy, redis: Redis) -> None:
    sender = Sender()
    send(sender, name, ["first"])  # connects
    # No reply passes until the last message was written: whoever waited for one would time out.
    before_all.hold_until = lambda said: b"x999x" in said
    sent = send(sender, name, [f"x{n}x" for n in range(1_000)])
    assert sent.count == 1_000
    assert len(kept(redis, name)) == (1_001 if name in KEEPING else 0)
