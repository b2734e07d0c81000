"""Delays, rates and charts of a run; every time is in seconds."""

import math
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from lab.history import History

SHARES = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "p999": 0.999, "max": 1.0}
POINTS = 40  # that a chart has at most

Points = list[list[float]]
Delays = list[tuple[float, float]]  # when a message was received, and its delay


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value that this share (0 to 1) does not exceed, by nearest rank."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def milliseconds(
    name: str, values: Iterable[float], shares: Iterable[str] = SHARES
) -> dict[str, float]:
    """Quantiles of values in seconds, named like `delay_p50_ms`; empty without values."""
    if not (ordered := sorted(values)):
        return {}
    found = {share: quantile(ordered, SHARES[share]) for share in shares}
    return {f"{name}_{share}_ms": round(seconds * 1000, 3) for share, seconds in found.items()}


def delays(history: History) -> Delays:
    """When each listener first received each message, and the message's delay.

    A delay counts from the time at which the message was due, so that a stalled sender shows in it.
    """
    meant = {one.id: one.meant for one in history.sent}
    found = []
    for log in history.received.values():
        first: dict[str | None, float] = {}
        for id_, at in log:
            if at:
                first.setdefault(id_, at)
        found += [(at, at - meant[id_]) for id_, at in first.items() if id_ in meant]
    return found


def rate(received: Delays) -> dict[str, float]:
    """Messages/s between the first and the last receipt."""
    times = [at for at, _ in received]
    if len(times) < 2 or max(times) == min(times):
        return {}
    return {"rate_per_s": round((len(times) - 1) / (max(times) - min(times)), 1)}


def charts(history: History, received: Delays) -> dict[str, Points]:
    """Delay (median, longest, in ms), rates (sent/s, received/s) and queue length over the run."""
    delay: Points = []
    rates: Points = []
    length: Points = []
    if not history.sent:
        return {"delay": delay, "rates": rates, "length": length}
    start = min(one.meant for one in history.sent)
    end = max([one.answered for one in history.sent] + [at for at, _ in received])
    width = max(0.1, (end - start) / (POINTS - 1))
    sent = Counter(int((one.answered - start) / width) for one in history.sent)
    by_bin: dict[int, list[float]] = defaultdict(list)
    for at, seconds in received:
        by_bin[int((at - start) / width)].append(seconds * 1000)
    sampled = [at for at, _ in history.notes.lengths]
    for place in range(int((end - start) / width) + 1):
        middle, values = round((place + 0.5) * width, 3), sorted(by_bin[place])
        rates.append([middle, round(sent[place] / width, 1), round(len(values) / width, 1)])
        if values:
            delay.append([middle, round(quantile(values, 0.5), 3), round(values[-1], 3)])
        if before := bisect(sampled, start + (place + 1) * width):
            length.append([middle, history.notes.lengths[before - 1][1]])
    return {"delay": delay, "rates": rates, "length": length}
