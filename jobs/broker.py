"""Where Celery finds its broker and its results, written as Celery writes addresses.

CELERY_BROKER_URL names another broker than Redis, as amqp://guest:guest@localhost:5672// does.
"""

import os
from urllib.parse import parse_qs, urlsplit

from messaging.sentinel_url import is_of_sentinels
from messaging.settings import REDIS_URL, address

SCHEMES = ("redis", "rediss", "amqp", "amqps")
GIVEN = os.environ.get("CELERY_BROKER_URL") or ""


def why_not(library: str, redis_url: str = REDIS_URL, broker_url: str = GIVEN) -> str:
    """Return a sentence that says why a library cannot be used here; empty where it can."""
    if is_of_sentinels(redis_url):
        return (
            f"{library} is not set up here for a Redis that Sentinels know: it takes a REDIS_URL "
            "that begins with redis://, rediss:// or unix://."
        )
    if library == "celery" and broker_url and urlsplit(broker_url).scheme not in SCHEMES:
        return f"CELERY_BROKER_URL begins with {', '.join(f'{one}://' for one in SCHEMES)}."
    return ""


def for_celery(url: str) -> str:
    """Return a REDIS_URL as Celery writes it: it names sockets and checks of TLS in its own way."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        database = parse_qs(parts.query).get("db", ["0"])[0]
        return f"redis+socket://{parts.path}?virtual_host={database}"
    if parts.scheme == "rediss" and "ssl_cert_reqs" not in parse_qs(parts.query):
        # Celery refuses to guess whether the server's certificate is checked; redis-py checks it.
        return f"{url}{'&' if parts.query else '?'}ssl_cert_reqs=required"
    return url


RESULT_URL = for_celery(REDIS_URL)
BROKER_URL = GIVEN or RESULT_URL
PLACE = urlsplit(GIVEN).netloc.rpartition("@")[2] if GIVEN else address(REDIS_URL)  # no password
IS_REDIS = not BROKER_URL.startswith("amqp")
