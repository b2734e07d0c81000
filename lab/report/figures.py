"""Delays, rates and charts of a run; every time is in seconds."""

import math
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import inf

from lab.history.records import ACKNOWLEDGED, MAIN, UNKNOWN, History
from lab.judging.case import Case

SHARES = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "p999": 0.999, "max": 1.0}
POINTS = 40  # that a chart has at most

Points = list[list[float]]


def figures(case: Case) -> dict[str, float]:
    """All figures but the counts; one that was not measured is left out.

    Delays and rate are those of the main phase: probes are none of the load.
    """
    history, received = case.history, delays(case.history)
    main = [one for one in history.sent if one.phase == MAIN]
    waits = (one.answered - one.meant for one in main)
    found = dict(history.notes.figures)
    if received:
        never = [inf] * missing(case)
        found |= milliseconds("delay", [*(delay for _, delay in received), *never], SHARES)
    found |= milliseconds("send_delay", waits, ("p50", "p99"))
    found |= milliseconds("late", (one.written - one.meant for one in main), ("max",))
    times = sorted(at for at, _ in received)
    if times and times[-1] > times[0]:
        found["rate_per_s"] = round((len(times) - 1) / (times[-1] - times[0]), 1)
    if main:
        lasted = max(one.written for one in main) - min(one.meant for one in main)
        found["sent_per_s"] = round(len(main) / max(lasted, 0.001), 1)
    if unnamed := history.count(UNKNOWN):
        found["unnamed"] = unnamed
    if lengths := history.notes.lengths:
        found["longest_queue"] = max(length for _, length in lengths)
    if faults := history.notes.faults:
        found["fault_s"] = round(sum(one.until - one.at for one in faults), 3)
    return found | {"lag_ms": round(history.notes.lag * 1000, 1)}


def delays(history: History) -> list[tuple[float, float]]:
    """When each listener first received each message, and the delay since the message was due."""
    meant = {one.id: one.meant for one in history.sent if one.phase == MAIN}
    found = []
    for log in history.received.values():
        first = {one.id: one.at for one in reversed(log) if one.at}
        found += [(at, at - meant[id_]) for id_, at in first.items() if id_ in meant]
    return found


def missing(case: Case) -> int:
    """How many deliveries of the main phase never came, whose delay is infinite."""
    main = {one.id for one in case.history.sent if one.phase == MAIN}
    fates = case.account.by_name.values()
    return sum(id_ in main for fate in fates for id_ in (*fate.lost, *fate.left))


def returns(history: History) -> Iterator[tuple[str, float]]:
    """Yield who was back when after a failover, in seconds after the end of the old primary."""
    evidence = history.notes.faults[-1].evidence
    killed, promoted = evidence["killed"], evidence["promoted"]
    sent = [one for one in history.sent if one.outcome == ACKNOWLEDGED]
    yield (
        "sender",
        min((one.answered for one in sent if one.written > killed), default=inf) - killed,
    )
    new = {one.id for one in sent if one.written > promoted}
    first = [
        next((one.read for one in log if one.id in new), inf) for log in history.received.values()
    ]
    yield "listeners", max(first) - killed


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value that this share (0 to 1) does not exceed, by nearest rank."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def milliseconds(name: str, values: Iterable[float], shares: Iterable[str]) -> dict[str, float]:
    """Quantiles of values in seconds, named like `delay_p50_ms`; empty without values."""
    if not (ordered := sorted(values)):
        return {}
    found = {share: quantile(ordered, SHARES[share]) for share in shares}
    return {f"{name}_{share}_ms": round(seconds * 1000, 3) for share, seconds in found.items()}


def charts(history: History) -> dict[str, Points]:
    """Delay (median, longest, in ms), rates (sent/s, received/s) and queue length over the run."""
    points: dict[str, Points] = {"delay": [], "rates": [], "length": []}
    if not any(one.phase == MAIN for one in history.sent):
        return points
    received, lengths = delays(history), history.notes.lengths
    main = [one for one in history.sent if one.phase == MAIN]
    start = min(one.meant for one in main)
    end = max([one.answered for one in main] + [at for at, _ in received])
    width = max(0.1, (end - start) / (POINTS - 1))
    sent = Counter(int((one.answered - start) / width) for one in main)
    by_bin: dict[int, list[float]] = defaultdict(list)
    for at, seconds in received:
        by_bin[int((at - start) / width)].append(seconds * 1000)
    for place in range(int((end - start) / width) + 1):
        middle, values = round((place + 0.5) * width, 3), sorted(by_bin[place])
        rates = sent[place] / width, len(values) / width
        points["rates"].append([middle, *(round(one, 1) for one in rates)])
        if values:
            delay = quantile(values, 0.5), values[-1]
            points["delay"].append([middle, *(round(one, 3) for one in delay)])
        if before := bisect(lengths, start + (place + 1) * width, key=lambda one: one[0]):
            points["length"].append([middle, lengths[before - 1][1]])
    return points
