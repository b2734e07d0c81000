"""Delays, rates and charts of a run; every time is in seconds."""

import math
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from lab.accounting import Received, Sent

SHARES = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "p999": 0.999, "max": 1.0}
POINTS = 40  # that a chart has at most

Points = list[list[float]]


def quantile(ordered: Sequence[float], share: float) -> float | None:
    """The value that this share (0 to 1) does not exceed, by nearest rank; None without values."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else None


def milliseconds(name: str, values: Iterable[float], shares: Sequence[str]) -> dict[str, float]:
    """Quantiles of values in seconds, named like `delay_p50_ms`."""
    ordered = sorted(values)
    found = {f"{name}_{share}_ms": quantile(ordered, SHARES[share]) for share in shares}
    return {key: round(seconds * 1000, 3) for key, seconds in found.items() if seconds is not None}


def delays(
    sent: Iterable[Sent], logs: Mapping[str, Sequence[Received]]
) -> list[tuple[float, float]]:
    """The time at which each listener first received each message, and the message's delay.

    A delay counts from the time at which the message was due, so that a stalled sender shows in it.
    """
    meant = {one.id: one.meant for one in sent}
    found = []
    for log in logs.values():
        seen: set[str] = set()
        for id_, at in log:
            if id_ in meant and id_ not in seen and at:
                seen.add(id_)
                found.append((at, at - meant[id_]))
    return found


def rate(delays_: Sequence[tuple[float, float]]) -> dict[str, float]:
    """Messages/s between the first and the last receipt."""
    times = [at for at, _ in delays_]
    if len(times) < 2 or max(times) == min(times):
        return {}
    return {"rate_per_s": round((len(times) - 1) / (max(times) - min(times)), 1)}


def charts(
    sent: Sequence[Sent],
    delays_: Sequence[tuple[float, float]],
    lengths: Sequence[tuple[float, int]],
) -> dict[str, Points]:
    """Delay (median, most, in ms), rates (sent/s, received/s) and queue length over the run."""
    if not sent:
        return {"delay": [], "rates": [], "length": []}
    start = min(one.meant for one in sent)
    end = max([one.answered for one in sent] + [at for at, _ in delays_])
    width = max(0.1, (end - start) / (POINTS - 1))
    by_bin: dict[int, list[float]] = {}
    for at, seconds in delays_:
        by_bin.setdefault(int((at - start) / width), []).append(seconds * 1000)
    out = Counter(int((one.answered - start) / width) for one in sent)
    delay: Points = []
    for place, values in sorted(by_bin.items()):
        values.sort()
        middle = quantile(values, 0.5) or 0.0
        delay.append([_t(place, width), round(middle, 3), round(values[-1], 3)])
    rates: Points = []
    for place in range(int((end - start) / width) + 1):
        received = len(by_bin.get(place, []))
        rates.append([_t(place, width), round(out[place] / width, 1), round(received / width, 1)])
    return {"delay": delay, "rates": rates, "length": _thin(lengths, start, end, width)}


def _thin(lengths: Sequence[tuple[float, int]], start: float, end: float, width: float) -> Points:
    """The last sampled length in each bin."""
    times = [at for at, _ in lengths]
    points: Points = []
    for place in range(int((end - start) / width) + 1):
        before = bisect(times, start + (place + 1) * width)
        if before:
            points.append([_t(place, width), lengths[before - 1][1]])
    return points


def _t(place: int, width: float) -> float:
    return round((place + 0.5) * width, 3)
