"""Histories made by hand: what was sent, what listeners received, and what was done to them."""

from collections.abc import Mapping, Sequence
from typing import Any

from lab.history import ACKNOWLEDGED, UNKNOWN, Fault, History, Notes, Received, Sent


def sent(count: int, sender: str = "web-1", unknown: Sequence[int] = ()) -> list[Sent]:
    """Messages 1 to `count`, one each second."""
    return [
        Sent(
            sender,
            seq,
            float(seq),
            float(seq),
            seq + 0.1,
            UNKNOWN if seq in unknown else ACKNOWLEDGED,
        )
        for seq in range(1, count + 1)
    ]


def log(*seqs: int, sender: str = "web-1") -> list[Received]:
    return [Received(f"{sender}-{seq}", 100.0) for seq in seqs]


def history(
    messages: Sequence[Sent],
    received: Mapping[str, Sequence[Received]],
    everyone: bool = False,
    faults: Sequence[Fault] = (),
    **notes: Any,
) -> History:
    """A run of a pattern in which one listener, or everyone, is to receive each message."""
    pattern = "pubsub" if everyone else "prodcons"
    return History(Notes(pattern, faults=list(faults), **notes), list(messages), received)
