"""First the laws that all patterns share, then what sets them apart, function against function."""

import threading
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from redis import Redis

from messaging.connection import BLOCK, REPLY_WITHIN, connect
from messaging.receiving.contract import Batch, Consumer, Item, Ready
from messaging.sending.answers import Length, Reached
from patterns import PATTERNS
from patterns.prodcons import QUEUE
from tests.places import SHARED, each_pattern, kept, keys, untaken
from tests.processes import eventually
from web import SENDS, prodcons, pubsub

LINES = [str(n).encode() for n in range(100)]
each_that_is_shared = pytest.mark.parametrize("name", SHARED)


class Receiving(threading.Thread):
    """A receiving end at work; made when it is ready."""

    def __init__(self, name: str, **options: Any) -> None:
        super().__init__(daemon=True)
        self.receive = import_module(f"listeners.{name}").receive
        self.options = options
        self.consumer = Consumer()
        self.items: list[Item] = []
        self.start()
        eventually(lambda: self.items)

    def run(self) -> None:
        redis = connect(BLOCK + REPLY_WITHIN)
        for item in self.receive(redis, self.consumer, **self.options):
            self.items.append(item)

    @property
    def batches(self) -> list[Batch]:
        return [item for item in self.items if isinstance(item, Batch)]

    @property
    def lines(self) -> list[bytes]:
        return [line for batch in self.batches for line in batch.lines]

    def gets(self, count: int) -> list[bytes]:
        eventually(lambda: len(self.lines) >= count)
        return self.lines

    def stop(self) -> list[bytes]:
        self.consumer.stopping.set()
        self.join(BLOCK + 0.5)
        assert not self.is_alive()
        return self.lines


@pytest.fixture
def receiving(redis: Redis) -> Iterator[Callable[..., Receiving]]:
    started: list[Receiving] = []

    def start(name: str, **options: Any) -> Receiving:
        started.append(Receiving(name, **options))
        return started[-1]

    yield start
    for one in started:
        one.consumer.stopping.set()
    for client in redis.client_list():
        redis.client_unblock(int(client["id"]))  # as if it had waited for long enough
    for one in started:
        one.stop()


@each_pattern
def test_the_first_item_says_that_it_listens(
    name: str, receiving: Callable[..., Receiving]
) -> None:
    assert receiving(name).items == [Ready(waiting=0)]


@each_pattern
def test_what_is_sent_is_received_byte_for_byte_and_in_order(
    name: str, redis: Redis, receiving: Callable[..., Receiving]
) -> None:
    listener = receiving(name)
    lines = [b"7", b"", "一条消息".encode(), b"\xff\x00\r\n", b"x" * 100_000]
    for sent, line in enumerate(lines, 1):
        SENDS[name](redis, [line])
        assert listener.gets(sent) == lines[:sent]


@each_pattern
def test_many_lines_are_all_received(
    name: str, redis: Redis, receiving: Callable[..., Receiving]
) -> None:
    listener = receiving(name)
    SENDS[name](redis, LINES)
    assert sorted(listener.gets(100)) == sorted(LINES)


@each_pattern
def test_a_stop_ends_it_soon(name: str, receiving: Callable[..., Receiving]) -> None:
    assert receiving(name).stop() == []


@each_pattern
def test_a_stop_before_the_start_ends_it(name: str) -> None:
    consumer = Consumer()
    consumer.stopping.set()
    receive = import_module(f"listeners.{name}").receive
    items = receive(connect(BLOCK + REPLY_WITHIN), consumer)
    assert not any(isinstance(item, Batch) for item in items)


@each_pattern
def test_what_is_sent_after_a_stop_is_not_lost_in_a_listener(
    name: str, redis: Redis, receiving: Callable[..., Receiving]
) -> None:
    assert receiving(name).stop() == []
    SENDS[name](redis, [b"7"])
    assert kept(redis, name) == ([b"7"] if PATTERNS[name].keeps else [])
    assert untaken(redis, name) == (1 if PATTERNS[name].keeps else 0)


@each_that_is_shared
def test_a_queue_gives_each_message_to_exactly_one(
    name: str, redis: Redis, receiving: Callable[..., Receiving]
) -> None:
    listeners = [receiving(name) for _ in range(3)]
    for line in LINES:
        SENDS[name](redis, [line])
    eventually(lambda: sum(len(one.lines) for one in listeners) >= 100)
    for one in listeners:
        one.consumer.stopping.set()
    assert sorted(line for one in listeners for line in one.stop()) == sorted(LINES)
    assert all(one.lines for one in listeners)  # Redis serves who has waited longest


@each_that_is_shared
def test_a_queue_keeps_messages_while_nobody_listens(
    name: str, redis: Redis, receiving: Callable[..., Receiving]
) -> None:
    send = SENDS[name]
    assert [send(redis, [b"1"]), send(redis, [b"2", b"3"])] == [Length(1), Length(3)]
    assert kept(redis, name) == [b"1", b"2", b"3"]
    assert sorted(receiving(name).gets(3)) == [b"1", b"2", b"3"]
    eventually(lambda: not kept(redis, name))


def test_a_backlog_is_a_stack_unless_the_oldest_comes_first(
    redis: Redis, receiving: Callable[..., Receiving]
) -> None:
    prodcons(redis, LINES)
    stack = receiving("prodcons")
    assert stack.gets(100) == LINES[::-1]
    stack.stop()
    prodcons(redis, LINES)
    assert receiving("prodcons", oldest_first=True).gets(100) == LINES


def test_until_empty_leaves_an_empty_queue(redis: Redis) -> None:
    prodcons(redis, LINES)
    receive = import_module("listeners.prodcons").receive
    items = receive(connect(BLOCK + REPLY_WITHIN), Consumer(), until_empty=True)
    batches = [item for item in items if isinstance(item, Batch)]
    assert [line for batch in batches for line in batch.lines] == LINES[::-1]
    assert redis.llen(QUEUE) == 0


def test_a_channel_gives_each_message_to_everybody(
    redis: Redis, receiving: Callable[..., Receiving]
) -> None:
    listeners = [receiving("pubsub") for _ in range(3)]
    assert pubsub(redis, LINES) == Reached([3] * 100)
    assert [one.gets(100) for one in listeners] == [LINES] * 3


def test_a_channel_with_nobody_there_keeps_nothing(
    redis: Redis, receiving: Callable[..., Receiving]
) -> None:
    assert pubsub(redis, [b"1", b"2"]) == Reached([0, 0])
    listener = receiving("pubsub")
    assert pubsub(redis, [b"3"]) == Reached([1])
    assert listener.gets(1) == [b"3"]
    assert keys(redis) == []
