"""A send that fails: refused, it gives its numbers back; unknown, it is said to be unknown."""

import pytest
from redis import Redis

from messaging import connection
from messaging.message import Message
from messaging.sending.answers import PartlyRefusedError, Reached, carried_out
from messaging.sending.sender import NotSentError, OutcomeUnknownError, Sender
from messaging.settings import REDIS_URL
from patterns import PATTERNS
from patterns.prodcons import QUEUE
from patterns.pubsub import CHANNEL
from starting.ports import free_port
from tests.places import KEEPING, each_pattern, kept_messages
from tests.proxy import Proxy
from tests.sends import send


@pytest.fixture
def sender() -> Sender:
    return Sender()


@each_pattern
def test_a_send_whose_reply_is_lost_is_unknown_and_stored_once(
    name: str, redis: Redis, before_all: Proxy
) -> None:
    sender = Sender()
    before = send(sender, name, ["before"])
    heard = redis.pubsub()  # type: ignore[no-untyped-call]
    heard.subscribe(CHANNEL)
    heard.get_message(timeout=1)
    before_all.swallow_reply(b"LOST")
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
    redis: Redis, before_all: Proxy
) -> None:
    """Why ours is not the plain one (redis-py 8's default is to try again ten times)."""
    plain = Redis(port=before_all.port, db=5)  # from_url has other defaults
    before_all.swallow_reply(b"LOST")
    assert plain.lpush(QUEUE, "LOST") == 2
    assert redis.llen(QUEUE) == 2
