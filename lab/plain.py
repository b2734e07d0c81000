"""A listener as a tutorial would write it: redis-py with its defaults, and nothing else.

python -m lab.plain PATTERN NAME
"""

import json
import sys
import time
from urllib.parse import urlsplit

from redis import Redis

from messaging.settings import REDIS_URL
from patterns import COMPARED


def connect_plainly() -> Redis:
    """A client with redis-py's defaults, which REDIS_URL's from_url would not give."""
    url = urlsplit(REDIS_URL)
    return Redis(host=url.hostname or "localhost", port=url.port or 6379, db=int(url.path[1:]))


if __name__ == "__main__":
    pattern, name = sys.argv[1:]
    for line in COMPARED[pattern].plain(connect_plainly(), name):
        print(json.dumps({**json.loads(line), "received": time.time()}), flush=True)
