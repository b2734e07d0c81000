"""A listener as in a tutorial, on redis-py with its defaults: python -m lab.plain PATTERN NAME

WORK says how many seconds it works on each message.
"""

import json
import os
import sys
import time
from typing import Any

from redis import Redis
from redis.connection import SSLConnection, parse_url
from redis.sentinel import Sentinel

from messaging.sentinel_url import is_of_sentinels, read_sentinel_url
from messaging.settings import REDIS_URL
from patterns import COMPARED


def connect_plainly() -> Redis:
    """A client with all of redis-py's defaults. Redis.from_url(REDIS_URL) would change some."""
    if is_of_sentinels(REDIS_URL):
        url = read_sentinel_url(REDIS_URL)
        sentinels = Sentinel(url.sentinels, sentinel_kwargs=url.of_sentinels)  # type: ignore[no-untyped-call]
        of_redis = {"db": url.db, "username": url.username, "password": url.password}
        primary: Redis = sentinels.master_for(url.service, **of_redis)  # type: ignore[no-untyped-call]
        return primary
    parts: dict[str, Any] = parse_url(REDIS_URL)  # type: ignore[no-untyped-call]
    kind, path = parts.pop("connection_class", None), parts.pop("path", None)
    return Redis(ssl=kind is SSLConnection, unix_socket_path=path, **parts)


if __name__ == "__main__":
    pattern, name = sys.argv[1:]
    work = float(os.environ.get("WORK", "0"))
    for line in COMPARED[pattern].plain_listener(connect_plainly(), name):
        received = time.time()
        time.sleep(work)
        print(json.dumps({**json.loads(line), "received": received}), flush=True)
