"""Histories made by hand: what was sent, and what a listener received."""

from collections.abc import Sequence

from lab.accounting import ACKNOWLEDGED, UNKNOWN, Received, Sent


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
