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

from messaging.settings import REDIS_URL
from patterns import COMPARED


def connect_plainly() -> Redis:
    """A client with all of redis-py's defaults. Redis.from_url(REDIS_URL) would change some."""
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
