"""Catches the mail that goes to SMTP_URL on this machine, so that a demo can show it.

python -m jobs.catcher
"""

import asyncio
import os
import signal
import sys
import time
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session
from redis import Redis, RedisError

from jobs import settings
from jobs.inbox import Mail, keep
from jobs.settings import Server
from messaging.connection import connect, explain
from messaging.message import printable

LARGEST = 256 * 1024  # bytes of a mail
TAKEN = "250 The mail is kept."


class Catcher:
    """Keeps each mail in Redis before it is acknowledged, and prints a line for it."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        mail = read(content, ", ".join(envelope.rcpt_tos))
        try:
            keep(self._redis, mail)
        except RedisError as error:
            sentence = explain(error)
            print(sentence, file=sys.stderr, flush=True)
            return f"451 {printable(sentence)}"
        clock = time.strftime("%H:%M:%S", time.localtime(mail.at))
        print(f"{clock}  mail to {printable(mail.to)}: {printable(mail.subject)}", flush=True)
        return TAKEN


def read(content: bytes, to: str) -> Mail:
    """Return a mail as the inbox keeps it; what cannot be read of it is empty."""
    mail = message_from_bytes(content, policy=policy.default)
    subject = str(mail["Subject"] or "")
    text, html = (_clean(_part(mail, kind)) for kind in ("plain", "html"))
    return Mail(_clean(to), _clean(subject), text, html, time.time())


def _clean(text: str) -> str:
    """Return a text without halves of characters, and with the line breaks of this machine."""
    return text.replace("\r\n", "\n").encode(errors="replace").decode()


def _part(mail: EmailMessage, kind: str) -> str:
    try:
        part = mail.get_body((kind,))
        return str(part.get_content()) if part else ""
    except (LookupError, ValueError, AttributeError):  # an unknown charset, or nested wrongly
        return ""


async def catch(redis: Redis, server: Server) -> None:
    """Catch mail until SIGTERM or Ctrl-C comes; raises OSError where it cannot listen."""
    loop, stopping, catcher = asyncio.get_running_loop(), asyncio.Event(), Catcher(redis)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)

    def converse() -> SMTP:
        return SMTP(catcher, hostname="localhost", data_size_limit=LARGEST)

    listening = await loop.create_server(converse, server.host, server.port)
    async with listening:
        print(f"Catching mail on {server.place}", flush=True)
        await stopping.wait()


def main() -> int:
    """Return the exit code, when a sentence on stderr has said what was wrong."""
    server = settings.SMTP
    if not server.is_here:
        meant = "this catches only mail to smtp:// on this machine."
        print(f"SMTP_URL is {server.scheme}://{server.place}: {meant}", file=sys.stderr)
        return 2
    try:
        with connect() as redis:
            redis.ping()
            asyncio.run(catch(redis, server))
    except RedisError as error:
        print(explain(error), file=sys.stderr)
    except OSError as error:
        reason = os.strerror(error.errno or 0).lower()
        print(f"Nobody can listen on {server.place}: {reason}.", file=sys.stderr)
    else:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
