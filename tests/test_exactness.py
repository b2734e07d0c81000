"""What was sent is what was received and what was reported missed, message by message."""

from collections.abc import Callable
from typing import Any

import pytest
from redis import Redis

from tests.parts import Listener, RedisServer, Sending, Web
from tests.places import KEEPING, each_pattern
from tests.processes import eventually
from tests.proxy import Proxy

Start = Callable[..., Any]


def received(*listeners: Listener) -> list[str]:
    return [line["id"] for one in listeners for line in one.messages()]


def missed(listener: Listener) -> set[str]:
    return {
        f"{gap['from']}-{number}"
        for gap in listener.missed()
        for number in range(gap["first"], gap["last"] + 1)
    }


def test_a_subscriber_cut_off_reports_exactly_what_it_missed(
    start: Start, own_server: RedisServer
) -> None:
    url, redis = own_server.url, Redis.from_url(own_server.url)
    web = start(Web, REDIS_URL=url, LIVE="0")  # which subscribes to nothing
    cut = start(Listener, "pubsub", REDIS_URL=url)
    (client,) = redis.client_list(_type="pubsub")
    other = start(Listener, "pubsub", REDIS_URL=url)
    with Sending(web, "/pubsub?count=20") as sending:
        # What a sender sent before its first message here would be no gap.
        eventually(lambda: len({line["from"] for line in cut.messages()}) == 2)
        for times in range(1, 6):
            cut.receives(len(cut.messages()) + 200)
            redis.client_kill_filter(_id=client["id"])
            eventually(lambda times=times: cut.text.count("Reconnected") == times)  # type: ignore[misc]
            # Its new connection is the youngest.
            client = max(redis.client_list(_type="pubsub"), key=lambda client: int(client["id"]))
        # A gap has an end when its sender was heard again.
        again = len(cut.messages())
        senders = {line["from"] for line in cut.messages()}
        eventually(lambda: {line["from"] for line in cut.messages()[again:]} == senders)
    eventually(lambda: set(received(other)) == set(sending.ids))
    eventually(lambda: set(received(cut)) | missed(cut) == set(sending.ids))
    assert len(received(cut)) + len(missed(cut)) == len(sending.ids)
    assert not other.missed()
    redis.close()


@pytest.mark.heavy
@pytest.mark.parametrize("name", KEEPING)
def test_rolling_restarts_of_a_queue_listener_lose_nothing(
    name: str, start: Start, web: Web
) -> None:
    listeners = [start(Listener, name) for _ in range(2)]
    with Sending(web, f"/{name}?count=5") as sending:
        for old in range(8):
            listeners.append(start(Listener, name))
            listeners[-1].receives(20)
            assert listeners[old].stop()[0] == 0
    eventually(lambda: len(received(*listeners)) >= len(sending.ids))
    assert sorted(received(*listeners)) == sorted(sending.ids)


@each_pattern
def test_a_lost_reply_is_unknown_over_http_and_makes_no_gap(
    name: str, own_server: RedisServer, start: Start
) -> None:
    proxy = Proxy(own_server.port)
    web = start(Web, REDIS_URL=proxy.url, LIVE="0", WEB_CONCURRENCY="1")
    listener = start(Listener, name, REDIS_URL=own_server.url)
    before = web.send(f"/{name}")
    proxy.swallow_reply(b"LOST")
    answer = web.ask(f"/{name}?body=LOST&count=3", Accept="application/json")
    assert answer.status == 504
    unknown = answer.json()
    assert (unknown["outcome"], unknown["count"], unknown["first"]) == ("unknown", 3, 2)
    after = web.send(f"/{name}")  # works again by itself
    assert [line["body"] for line in listener.receives(5)].count("LOST") == 3
    assert {line["from"] for line in listener.messages()} == {before["from"], after["from"]}
    assert not listener.missed()
    web.says(f"/{name}: unknown, for the reply to a send of 3 was lost")
    proxy.close()
