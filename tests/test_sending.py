"""The sending end: numbers in the order of writing, nothing sent twice, unknown said as unknown."""

import math
import threading
from collections.abc import Iterator, Sequence

import pytest
from redis import Redis

from messaging import connection
from messaging.message import Message
from messaging.sending.answers import Answer, Length, PartlyRefusedError, Reached, carried_out
from messaging.sending.sender import NotSentError, OutcomeUnknownError, Sender, Sent
from messaging.settings import REDIS_URL
from patterns import PATTERNS
from patterns.prodcons import QUEUE
from patterns.pubsub import CHANNEL
from starting.ports import free_port
from tests.conftest import REDIS_PORT
from tests.places import KEEPING, each_pattern, kept, kept_messages
from tests.proxy import Proxy
from web import SENDS


@pytest.fixture
def sender() -> Sender:
    return Sender()


def ask(
    sender: Sender, name: str, bodies: Sequence[str], limit: float = math.inf
) -> tuple[Sent, Answer]:
    return sender.send(name, SENDS[name], bodies, PATTERNS[name].store.length, limit)


def send(sender: Sender, name: str, bodies: Sequence[str], limit: float = math.inf) -> Sent:
    return ask(sender, name, bodies, limit)[0]


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """Between Redis and every client that is made from now on."""
    proxy = Proxy(REDIS_PORT)
    monkeypatch.setattr(connection, "REDIS_URL", proxy.url)
    yield proxy
    proxy.close()


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
def test_a_send_whose_reply_is_lost_is_unknown_and_stored_once(
    name: str, redis: Redis, proxy: Proxy
) -> None:
    sender = Sender()
    before = send(sender, name, ["before"])
    heard = redis.pubsub()  # type: ignore[no-untyped-call]
    heard.subscribe(CHANNEL)
    heard.get_message(timeout=1)
    proxy.swallow_reply(b"LOST")
    with pytest.raises(OutcomeUnknownError) as error:
        send(sender, name, ["LOST", "LOST"])
    lost = error.value.sent
    assert (lost.count, lost.first, lost.sender) == (2, 2, before.sender)
    if name in KEEPING:
        assert [m.body for m in kept_messages(redis, name)] == ["before", "LOST", "LOST"]
    elif not PATTERNS[name].keeps:
        bodies = [Message.decode(heard.get_message(timeout=1)["data"]).body for _ in range(2)]
        assert bodies == ["LOST", "LOST"]
        assert heard.get_message(timeout=0.1) is None
    after = send(sender, name, ["after"])
    assert after.sender != before.sender, "numbers of an unknown send must not look missed"
    assert after.first == 1


@each_pattern
def test_many_messages_are_one_write(name: str, proxy: Proxy, redis: Redis) -> None:
    sender = Sender()
    send(sender, name, ["first"])  # connects
    # No reply passes until the last message was written: whoever waited for one would time out.
    proxy.hold_until = lambda said: b"x999x" in said
    sent = send(sender, name, [f"x{n}x" for n in range(1_000)])
    assert sent.count == 1_000
    assert len(kept(redis, name)) == (1_001 if name in KEEPING else 0)


def test_what_redis_refuses_gives_its_numbers_back(sender: Sender, redis: Redis) -> None:
    redis.set(QUEUE, "no list")
    with pytest.raises(NotSentError, match="WRONGTYPE"):
        send(sender, "prodcons", ["x"])
    redis.delete(QUEUE)
    assert send(sender, "prodcons", ["x"]).first == 1


@each_pattern
def test_without_redis_nothing_is_sent_and_no_number_used(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = REDIS_URL
    monkeypatch.setattr(connection, "REDIS_URL", f"redis://127.0.0.1:{free_port()}/5")
    away = Sender()
    with pytest.raises(NotSentError, match="is away: connection refused"):
        send(away, name, ["x"])
    monkeypatch.setattr(connection, "REDIS_URL", right)
    assert send(Sender(), name, ["x"]).first == 1


@each_pattern
def test_a_connection_that_was_cut_while_idle_is_made_anew(
    name: str, sender: Sender, redis: Redis
) -> None:
    first = send(sender, name, ["x"])
    redis.client_kill_filter(_type="normal", skipme=True)
    second = send(sender, name, ["x"])
    assert (second.sender, second.first) == (first.sender, 2)


def test_a_send_that_redis_refused_in_part_is_unknown(redis: Redis) -> None:
    """Some of these PUBLISH were carried out, so nobody may give their numbers to others."""
    heard = redis.pubsub()  # type: ignore[no-untyped-call]
    heard.subscribe(CHANNEL)
    heard.get_message(timeout=1)

    def refused_in_the_middle(redis: Redis, lines: list[bytes]) -> Reached:
        with redis.pipeline(transaction=False) as pipeline:
            pipeline.publish(CHANNEL, lines[0])
            pipeline.execute_command("PUBLISH", CHANNEL)  # type: ignore[no-untyped-call]
            return Reached(carried_out(pipeline.execute(raise_on_error=False)))

    sender, length = Sender(), PATTERNS["pubsub"].store.length
    before = send(sender, "pubsub", ["before"])
    with pytest.raises(OutcomeUnknownError, match="wrong number of arguments") as error:
        sender.send("pubsub", refused_in_the_middle, ["x", "x"], length)
    assert isinstance(error.value.__cause__, PartlyRefusedError)
    bodies = [Message.decode(heard.get_message(timeout=1)["data"]).body for _ in range(2)]
    assert bodies == ["before", "x"]
    assert send(sender, "pubsub", ["after"]).sender != before.sender


def test_a_send_that_redis_refused_as_a_whole_was_not_sent(sender: Sender) -> None:
    def refused(redis: Redis, lines: list[bytes]) -> Reached:
        with redis.pipeline(transaction=False) as pipeline:
            for _ in lines:
                pipeline.execute_command("PUBLISH", CHANNEL)  # type: ignore[no-untyped-call]
            return Reached(carried_out(pipeline.execute(raise_on_error=False)))

    with pytest.raises(NotSentError, match="wrong number of arguments"):
        sender.send("pubsub", refused, ["x", "x"], PATTERNS["pubsub"].store.length)
    assert send(sender, "pubsub", ["x"]).first == 1


def test_the_client_sends_nothing_twice() -> None:
    retry = connection.connect().get_retry()
    assert retry is not None
    assert retry.get_retries() == 0


def test_the_plain_client_stores_a_push_twice_when_its_reply_is_lost(
    redis: Redis, proxy: Proxy
) -> None:
    """Why ours is not the plain one (redis-py 8's default is to try again ten times)."""
    plain = Redis(port=proxy.port, db=5)  # from_url has other defaults
    proxy.swallow_reply(b"LOST")
    assert plain.lpush(QUEUE, "LOST") == 2
    assert redis.llen(QUEUE) == 2
