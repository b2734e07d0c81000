"""The sending end: numbers in the order of writing, nothing sent twice, unknown said as unknown."""

import threading
from collections.abc import Iterator

import pytest
from redis import Redis

from messaging import connection
from messaging.address import URL
from messaging.message import Message
from messaging.names import CHANNEL, QUEUE
from messaging.sending import NotSentError, Sender, UnknownError
from starting.ports import free_port
from tests.conftest import REDIS_PORT
from tests.places import KEEPING, each_pattern, kept, kept_messages
from tests.proxy import Proxy
from web import PATTERNS, prodcons, pubsub


@pytest.fixture
def sender() -> Sender:
    return Sender(queue_limit=1_000)


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """Between Redis and every client that is made from now on."""
    proxy = Proxy(REDIS_PORT)
    monkeypatch.setattr(connection, "URL", proxy.url)
    yield proxy
    proxy.close()


@each_pattern
def test_numbers_begin_at_1_for_each_pattern(name: str, sender: Sender) -> None:
    for other in PATTERNS:
        if other != name:
            sender.send(other, PATTERNS[other].send, ["x"])
    first = sender.send(name, PATTERNS[name].send, ["a"])
    many = sender.send(name, PATTERNS[name].send, ["b", "c", "d"])
    assert (first.first, first.last, first.count) == (1, 1, 1)
    assert (many.first, many.last, many.count) == (2, 4, 3)
    assert first.sender == many.sender


def test_the_message_says_who_sent_it_and_when(sender: Sender, redis: Redis) -> None:
    sent = sender.send("prodcons", prodcons, ["七", "8"])
    messages = kept_messages(redis, "prodcons")
    assert [m.body for m in messages] == ["七", "8"]
    assert [m.id for m in messages] == [f"{sent.sender}-1", f"{sent.sender}-2"]
    assert all(m.sent for m in messages)


def test_two_senders_have_two_names() -> None:
    assert len({Sender(1).send("pubsub", pubsub, [""]).sender for _ in range(20)}) == 20


def test_many_threads_are_numbered_in_the_order_of_writing(sender: Sender, redis: Redis) -> None:
    def send() -> None:
        for _ in range(25):
            sender.send("prodcons", prodcons, ["x", "y"])

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [m.seq for m in kept_messages(redis, "prodcons")] == list(range(1, 401))


@pytest.mark.parametrize("name", KEEPING)
def test_a_queue_takes_all_of_a_send_or_none(name: str, redis: Redis) -> None:
    sender = Sender(queue_limit=10)
    write, length = PATTERNS[name].send, PATTERNS[name].length
    sender.send(name, write, ["x"] * 9, length)
    with pytest.raises(NotSentError, match="9 of at most 10 messages: 2 more would be too many"):
        sender.send(name, write, ["x"] * 2, length)
    assert sender.send(name, write, ["x"], length).said == 10
    with pytest.raises(NotSentError):
        sender.send(name, write, ["x"], length)
    assert len(kept(redis, name)) == 10
    redis.delete(PATTERNS[name].place)
    again = sender.send(name, write, ["x"] * 10, length)
    assert (again.first, again.said) == (11, 10)  # what was refused took no numbers


def test_below_the_limit_nobody_asks_for_the_length(redis: Redis) -> None:
    sender, length = Sender(queue_limit=10), PATTERNS["prodcons"].length
    sender.send("prodcons", prodcons, ["x"], length)
    redis.config_resetstat()
    for _ in range(9):
        sender.send("prodcons", prodcons, ["x"], length)
    with pytest.raises(NotSentError):
        sender.send("prodcons", prodcons, ["x"], length)
    calls = {name: stat["calls"] for name, stat in redis.info("commandstats").items()}
    assert calls["cmdstat_lpush"] == 9
    assert calls["cmdstat_llen"] == 1


def test_a_channel_has_no_limit() -> None:
    assert Sender(queue_limit=1).send("pubsub", pubsub, ["x"] * 5).said == [0] * 5


@each_pattern
def test_a_send_whose_reply_is_lost_is_unknown_and_stored_once(
    name: str, redis: Redis, proxy: Proxy
) -> None:
    sender = Sender(1_000)
    before = sender.send(name, PATTERNS[name].send, ["before"])
    heard = redis.pubsub()  # type: ignore[no-untyped-call]
    heard.subscribe(CHANNEL)
    heard.get_message(timeout=1)
    proxy.swallow_after = b"LOST"
    with pytest.raises(UnknownError) as error:
        sender.send(name, PATTERNS[name].send, ["LOST", "LOST"])
    lost = error.value.sent
    assert (lost.count, lost.first, lost.sender, lost.said) == (2, 2, before.sender, None)
    if name in KEEPING:
        assert [m.body for m in kept_messages(redis, name)] == ["before", "LOST", "LOST"]
    else:
        bodies = [Message.decode(heard.get_message(timeout=1)["data"]).body for _ in range(2)]
        assert bodies == ["LOST", "LOST"]
        assert heard.get_message(timeout=0.1) is None
    after = sender.send(name, PATTERNS[name].send, ["after"])
    assert after.sender != before.sender, "numbers of an unknown send must not look missed"
    assert after.first == 1


@each_pattern
def test_many_messages_are_one_write(name: str, proxy: Proxy, redis: Redis) -> None:
    sender = Sender(1_000)
    sender.send(name, PATTERNS[name].send, ["first"])  # connects
    # No reply passes until the last message was written: whoever waited for one would time out.
    proxy.hold_until = lambda said: b"x999x" in said
    sent = sender.send(name, PATTERNS[name].send, [f"x{n}x" for n in range(1_000)])
    assert sent.count == 1_000
    assert len(kept(redis, name)) == (1_001 if name in KEEPING else 0)


def test_what_redis_refuses_gives_its_numbers_back(sender: Sender, redis: Redis) -> None:
    redis.set(QUEUE, "no list")
    with pytest.raises(NotSentError, match="WRONGTYPE"):
        sender.send("prodcons", prodcons, ["x"])
    redis.delete(QUEUE)
    assert sender.send("prodcons", prodcons, ["x"]).first == 1


@each_pattern
def test_without_redis_nothing_is_sent_and_no_number_used(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = URL
    monkeypatch.setattr(connection, "URL", f"redis://127.0.0.1:{free_port()}/5")
    away = Sender(1_000)
    with pytest.raises(NotSentError, match="is away: connection refused"):
        away.send(name, PATTERNS[name].send, ["x"])
    monkeypatch.setattr(connection, "URL", right)
    assert Sender(1_000).send(name, PATTERNS[name].send, ["x"]).first == 1


@each_pattern
def test_a_connection_that_was_cut_while_idle_is_made_anew(
    name: str, sender: Sender, redis: Redis
) -> None:
    first = sender.send(name, PATTERNS[name].send, ["x"])
    redis.client_kill_filter(_type="normal", skipme=True)
    second = sender.send(name, PATTERNS[name].send, ["x"])
    assert (second.sender, second.first) == (first.sender, 2)


def test_the_client_sends_nothing_twice() -> None:
    retry = connection.connect(1).get_retry()
    assert retry is not None
    assert retry.get_retries() == 0


def test_the_plain_client_stores_a_push_twice_when_its_reply_is_lost(
    redis: Redis, proxy: Proxy
) -> None:
    """Why ours is not the plain one (redis-py 8's default is to try again ten times)."""
    plain = Redis(port=proxy.port, db=5)  # from_url has other defaults
    proxy.swallow_after = b"LOST"
    assert plain.lpush(QUEUE, "LOST") == 2
    assert redis.llen(QUEUE) == 2
