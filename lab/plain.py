"""Listeners as a tutorial would write them: redis-py with its defaults, and nothing else.

python -m lab.plain PATTERN NAME
"""

import json
import sys
import time
from contextlib import suppress
from urllib.parse import urlsplit

from redis import Redis
from redis.exceptions import ResponseError

from messaging.address import URL
from messaging.connection import Client
from messaging.names import CHANNEL, QUEUE, RELIABLE, STREAM, TAKEN

url = urlsplit(URL)
redis: Client = Redis(host=url.hostname or "localhost", port=url.port or 6379, db=int(url.path[1:]))


def prodcons(name: str) -> None:
    while True:
        _, line = redis.blpop([QUEUE])
        show(line)


def pubsub(name: str) -> None:
    subscriber = redis.pubsub()
    subscriber.subscribe(CHANNEL)
    for heard in subscriber.listen():
        if heard["type"] == "message":
            show(heard["data"])


def reliable(name: str) -> None:
    mine = f"{TAKEN}:{name}"
    while True:
        line = redis.blmove(RELIABLE, mine, 0, "RIGHT", "LEFT")
        show(line)
        redis.lrem(mine, 1, line)


def stream(group: str, name: str) -> None:
    with suppress(ResponseError):  # it exists
        redis.xgroup_create(STREAM, group, id="0", mkstream=True)
    while True:
        for _, entries in redis.xreadgroup(group, name, {STREAM: ">"}, count=1, block=0):
            for id_, fields in entries:
                show(fields[b"line"])
                redis.xack(STREAM, group, id_)


def show(line: bytes) -> None:
    print(json.dumps({**json.loads(line), "received": time.time()}), flush=True)


if __name__ == "__main__":
    pattern, name = sys.argv[1:]
    if pattern == "stream":
        stream("listeners", name)
    elif pattern == "stream-each":
        stream(name, name)
    else:
        {"prodcons": prodcons, "pubsub": pubsub, "reliable": reliable}[pattern](name)
