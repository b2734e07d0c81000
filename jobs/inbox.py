"""The mails that the local catcher keeps, in Redis, for the page to show."""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass

from redis import Redis

from messaging.connection import as_bytes
from messaging.message import LATEST
from messaging.settings import KEY_PREFIX

INBOX = f"{KEY_PREFIX}jobs:inbox"  # list, the newest first
KEPT = 50  # mails


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it was delivered; `at` is in seconds since the epoch."""

    to: str
    subject: str
    text: str
    html: str
    at: float


def keep(redis: Redis, mail: Mail) -> None:
    """Add a mail, and forget the oldest where there are more than `KEPT`."""
    with redis.pipeline() as pipeline:
        pipeline.lpush(INBOX, json.dumps(asdict(mail)))
        pipeline.ltrim(INBOX, 0, KEPT - 1)
        pipeline.execute()


def inbox(redis: Redis) -> list[Mail]:
    """Return the mails that are kept, the newest first, without what others put there."""
    mails = []
    for line in redis.lrange(INBOX, 0, KEPT - 1):
        with suppress(ValueError, RecursionError):
            match json.loads(as_bytes(line)):
                case {
                    "to": str(to),
                    "subject": str(subject),
                    "text": str(text),
                    "html": str(html),
                    "at": int(at) | float(at),
                } if 0 <= at <= LATEST:
                    f"{to}{subject}{text}{html}".encode()  # raises for half a character
                    mails.append(Mail(to, subject, text, html, at))
    return mails
