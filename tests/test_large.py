"""Large sends, and a queue that grows too large."""

import threading
from collections.abc import Callable
from typing import Any

from redis import Redis

from patterns import PATTERNS
from patterns.prodcons import QUEUE
from patterns.pubsub import CHANNEL
from tests.parts import Web
from tests.places import KEEPING, all_kept, kept


def test_a_full_queue_is_a_503_until_there_is_room(start: Callable[..., Any], redis: Redis) -> None:
    web = start(Web, QUEUE_LIMIT="10", WEB_CONCURRENCY="1")
    for name in KEEPING:
        assert web.ask(f"/{name}?count=10").status == 303
    for path in (f"/{name}?count={count}" for name in KEEPING for count in (1, 11)):
        for kind in ("text/html", "application/json"):
            full = web.ask(path, Accept=kind)
            assert full.status == 503
            assert int(full.headers["Retry-After"]) > 0
            assert "The queue holds 10 of at most 10 messages" in full.text
    assert web.ask("/pubsub?count=100").status == 303
    for name in KEEPING:
        assert len(kept(redis, name)) == 10, "nothing was trimmed"
        redis.delete(PATTERNS[name].place)
        assert web.send(f"/{name}?count=5")["length"] == 5


def test_large_sends_wait_for_each_other(start: Callable[..., Any], redis: Redis) -> None:
    web = start(Web, WEB_CONCURRENCY="1")
    statuses: list[int] = []
    threads = [
        threading.Thread(target=lambda: statuses.append(web.ask("/prodcons?count=10000").status))
        for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [303] * 5
    assert redis.llen(QUEUE) == 50_000


def test_ten_thousand_in_one_click_are_all_there(web: Web, redis: Redis) -> None:
    hears = redis.pubsub()  # type: ignore[no-untyped-call]
    hears.subscribe(CHANNEL)
    for name in KEEPING:
        assert web.send(f"/{name}?count=10000")["length"] == 10_000
    assert sum(web.send("/pubsub?count=10000")["subscribers"]) == 10_000
    assert set(all_kept(redis).values()) == {10_000}
    heard = [hears.get_message(timeout=1) for _ in range(10_001)]
    assert len([m for m in heard if m and m["type"] == "message"]) == 10_000
