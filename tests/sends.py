"""Sends by a pattern as a link does, without a web."""

import math
from collections.abc import Sequence

from messaging.sending.answers import Answer
from messaging.sending.sender import Sender, Sent
from patterns import PATTERNS
from web import SENDS


def ask(
    sender: Sender, name: str, bodies: Sequence[str], limit: float = math.inf
) -> tuple[Sent, Answer]:
    return sender.send(name, SENDS[name], bodies, PATTERNS[name].store.length, limit)


def send(sender: Sender, name: str, bodies: Sequence[str], limit: float = math.inf) -> Sent:
    return ask(sender, name, bodies, limit)[0]
