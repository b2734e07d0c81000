"""What the proxy of a listener writes down, and what it lets pass."""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count, islice, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from lab.history.records import Handed, Line
from lab.witness import Lines, Witness, can_be_watched
from messaging.message import Message
from patterns.prodcons import QUEUE
from patterns.pubsub import CHANNEL
from tests.parts import RedisServer
from tests.processes import eventually

bodies = st.one_of(st.text(max_size=40), st.just("$9\r\n{}"), st.just("x" * 5_000), st.just("…"))


def bulk(content: bytes) -> bytes:
    return b"$%d\r\n%s\r\n" % (len(content), content)


def reply(line: bytes, is_push: bool) -> bytes:
    """As BLPOP is answered, or a subscriber is told."""
    words = [b"message", CHANNEL.encode()] if is_push else [QUEUE.encode()]
    return b"*%d\r\n" % (len(words) + 1) + b"".join(map(bulk, [*words, line]))


NOISE = (b"+OK\r\n", b":12\r\n", b"*-1\r\n", b"$-1\r\n", bulk(b"web-1-7"), bulk(b""), b"_\r\n")
replies = st.lists(st.one_of(st.tuples(bodies, st.booleans()), st.sampled_from(NOISE)), max_size=9)


@given(replies, st.data())
def test_the_lines_are_found_however_replies_are_cut_in_pieces(
    said: list[tuple[str, bool] | bytes], data: st.DataObject
) -> None:
    lines, stream = [], b""
    for n, one in enumerate(said, 1):
        if isinstance(one, bytes):
            stream += one
        else:
            lines.append(Message(one[0], "web-1", n, 1.5).encode())
            stream += reply(lines[-1], one[1])
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=12).map(sorted))
    finder, found = Lines(), []
    for begin, end in pairwise([0, *cuts, len(stream)]):
        found += finder.feed(stream[begin:end])
    assert found == lines


def test_they_are_found_byte_by_byte() -> None:
    lines = [Message(f"{n}", "web-1", n, 1.5).encode() for n in range(1, 4)]
    stream, finder = b"".join(reply(line, False) for line in lines), Lines()
    assert [line for byte in stream for line in finder.feed(bytes([byte]))] == lines


def test_a_proxy_reads_no_tls_and_no_socket_file() -> None:
    assert all(map(can_be_watched, ["", "redis://localhost/5"]))
    assert not any(map(can_be_watched, ["rediss://localhost/5", "unix:///run/redis.sock"]))


@pytest.fixture
def witness(server: RedisServer) -> Iterator[Witness]:
    one = Witness("a", server.url, count(7), b"BLPOP")
    yield one
    one.close()


@pytest.fixture
def listener(witness: Witness) -> Iterator[Redis]:
    """A client of the proxy, which never repeats a command."""
    with Redis.from_url(witness.url, retry=Retry(NoBackoff(), 0)) as client:
        yield client


def line(n: int) -> bytes:
    return Message("7", "web-1", n, 1.5).encode()


@contextmanager
def waiting(listener: Redis, redis: Redis) -> Iterator[Future[Any]]:
    """While inside, the listener waits for a message, and Redis knows it."""
    with ThreadPoolExecutor(1) as pool:
        popped = pool.submit(listener.blpop, [QUEUE], 5)
        eventually(lambda: redis.info("clients")["blocked_clients"])
        yield popped


def told(witness: Witness) -> tuple[list[Line], list[Handed]]:
    testimony = [one for _, one in witness.testimony()]
    lines = [one for one in testimony if isinstance(one, Line)]
    return lines, [one for one in testimony if isinstance(one, Handed)]


def test_each_pop_is_a_turn_that_begins_when_it_is_asked_for(
    witness: Witness, listener: Redis, redis: Redis
) -> None:
    for n in (1, 2):
        redis.lpush(QUEUE, line(n))
        assert listener.blpop([QUEUE], 1)
    lines, (first, second) = told(witness)
    assert [(one.to, one.number) for one in lines] == [("a", 7)]
    assert [(one.to, one.line, one.id, one.passed) for one in (first, second)] == [
        ("a", 7, "web-1-1", True),
        ("a", 7, "web-1-2", True),
    ]
    assert first.turn < second.turn
    assert lines[0].opened <= first.asked <= first.at <= second.asked <= second.at


def test_a_pop_that_waits_was_asked_for_before(
    witness: Witness, listener: Redis, redis: Redis
) -> None:
    with waiting(listener, redis) as popped:
        pushed_at = time.time()
        redis.lpush(QUEUE, line(1))
        assert popped.result()
    (one,) = told(witness)[1]
    assert one.asked < pushed_at < one.at


def test_messages_that_one_request_gets_are_one_turn(
    witness: Witness, listener: Redis, redis: Redis
) -> None:
    redis.lpush(QUEUE, *map(line, range(1, 4)))
    listener.lpop(QUEUE, 3)
    redis.lpush(QUEUE, line(4))
    listener.lpop(QUEUE)
    found = told(witness)[1]
    assert [one.id for one in found] == ["web-1-3", "web-1-2", "web-1-1", "web-1-4"]
    assert [one.turn - found[0].turn for one in found] == [0, 0, 0, 1]


def test_pushed_messages_are_one_turn_since_they_came_unasked(
    witness: Witness, listener: Redis, redis: Redis
) -> None:
    with listener.pubsub(ignore_subscribe_messages=True) as subscriber:  # type: ignore[no-untyped-call]
        subscriber.subscribe(CHANNEL)
        eventually(lambda: redis.publish(CHANNEL, line(1)))
        for n in (2, 3):
            redis.publish(CHANNEL, line(n))
        assert len([*islice(subscriber.listen(), 3)]) == 3
    found = told(witness)[1]
    assert [one.id for one in found] == ["web-1-1", "web-1-2", "web-1-3"]
    assert len({one.turn for one in found}) == 1
    assert len({one.asked for one in found}) == 1


def test_a_swallowed_reply_is_seen_and_not_passed(
    witness: Witness, listener: Redis, redis: Redis
) -> None:
    redis.lpush(QUEUE, line(1))
    witness.swallow_reply(b"BLPOP", b'"seq"')
    with pytest.raises(RedisError):
        listener.blpop([QUEUE], 1)
    redis.lpush(QUEUE, line(2))
    assert listener.blpop([QUEUE], 1)
    (cut, after), (swallowed, passed) = told(witness)
    assert (swallowed.id, swallowed.passed, swallowed.line) == ("web-1-1", False, cut.number)
    assert (passed.id, passed.passed, passed.line) == ("web-1-2", True, after.number)
    assert swallowed.at <= cut.closed <= after.opened


def test_what_a_silent_line_keeps_back_is_seen_and_not_passed(
    witness: Witness, listener: Redis, redis: Redis
) -> None:
    with waiting(listener, redis) as popped:
        witness.go_silent()
        redis.lpush(QUEUE, line(1))
        eventually(lambda: witness.handed)
        assert not popped.done()
        with Redis.from_url(witness.url) as other:  # new connections work
            redis.lpush(QUEUE, line(2))
            assert other.blpop([QUEUE], 1)
        witness.close()
        assert popped.exception()
    found = told(witness)[1]
    assert [(one.id, one.passed) for one in found] == [("web-1-1", False), ("web-1-2", True)]
