"""The figures in plain words: one sentence a pattern, made from counts alone."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

Figures = Mapping[str, Any]  # of one pattern, as /status tells them


def number(count: int, one: str, many: str = "") -> str:
    """As in «1 listener» and «2,406 listeners»."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def sentence(figures: Figures, all_there: bool) -> str:
    """What became of all that was sent; `all_there`: whoever received some is still listed."""
    there = figures["there"]
    sent, elsewhere, unknown = figures["sent"], figures["elsewhere"], figures["unknown"]
    ours = figures["received"] - elsewhere
    if not any(figures.get(name) for name in ("sent", "received", "waiting", "again", "dead")):
        listening = number(there, "listener is", "listeners are") if there else "nobody is"
        parts = [f"{listening} listening"]
    elif "waiting" not in figures:
        parts = _channel(figures, ours)
    elif "dead_letters" in figures:
        parts = _kept(figures, ours)
    else:
        parts = _queue(figures, ours, all_there)
    if elsewhere:
        parts.append(f"{elsewhere:,} more from elsewhere")
    if figures["malformed"]:
        parts.append(f"{figures['malformed']:,} malformed")
    if unknown:
        parts.append(f"{unknown:,} more unknown, for the reply was lost")
    if gone := sum(one["state"] == "gone" for one in figures["listeners"]):
        parts.append(f"{number(gone, 'listener')} gone")
    return f"{sent:,} sent: {', '.join(parts)}."


def _queue(figures: Figures, ours: int, all_there: bool) -> list[str]:
    sent, waiting, there = figures["sent"], figures["waiting"], figures["there"]
    states = [one["state"] for one in figures["listeners"] if one["in_hand"]]
    lost = states.count("gone")
    working = len(states) - lost
    rest = sent - ours - waiting - working - lost
    parts = []
    if ours and there and all_there and ours + waiting == sent:
        each = "it" if sent == 1 else "each"
        if there == 1:
            parts.append(f"the one listener took {each}")
        else:
            parts.append(f"{each} went to one of {there:,} listeners")
    elif ours:
        parts.append(f"{ours:,} received")
    if not there:
        parts.append("nobody is listening")
    parts.append(f"{waiting:,} waiting")
    if working:
        parts.append(f"{working:,} in hand")
    if lost:
        parts.append(f"{lost:,} lost in the hand of a listener that is gone")
    if rest > 0 and not _is_busy(figures):
        parts.append(f"{rest:,} taken and not heard of again")
    elif rest < 0 and not _is_busy(figures):
        parts.append(f"{-rest:,} of them not counted as sent")
    return parts


def _kept(figures: Figures, ours: int) -> list[str]:
    """Where messages are kept until they are done; who takes one over receives it once more."""
    states = [one["state"] for one in figures["listeners"] if one["in_hand"]]
    left = states.count("gone")
    working = len(states) - left
    if "kept" in figures:  # by Redis itself: what every group was given, and one is not done with
        working = max(0, figures["kept"] - figures["waiting"] - left)
    parts = [f"{ours:,} received"] if ours else []
    if not figures["there"]:
        parts.append("nobody is listening")
    groups = figures.get("groups", 0)
    whom = f" for {'the slowest' if figures['waiting'] else 'any'} of {groups:,} groups"
    parts.append(f"{figures['waiting']:,} waiting{whom if groups > 1 else ''}")
    if working:
        parts.append(f"{working:,} in hand")
    if left:
        parts.append(f"{left:,} left by a listener that is gone, for another to take over")
    if figures["again"]:
        parts.append(f"{figures['again']:,} taken over")
    if figures["dead"]:
        parts.append(f"{figures['dead']:,} put aside as dead")
    return parts


def _channel(figures: Figures, ours: int) -> list[str]:
    there = figures["there"]
    sent, deliveries, unheard = figures["sent"], figures["deliveries"], figures["unheard"]
    heard = {one["received"] - one["elsewhere"] for one in figures["listeners"]}
    if sent and there and heard == {sent} and ours == deliveries == sent * there:
        listeners = number(there, "listener")
        return [
            f"{listeners} heard {'it' if sent == 1 else 'each'}",
            number(deliveries, "delivery", "deliveries"),
        ]
    parts = []
    if sent and unheard == sent:
        return ["nobody was listening", "it is gone" if sent == 1 else "all are gone"]
    parts.append(number(deliveries, "delivery", "deliveries"))
    if ours != deliveries and not _is_busy(figures):
        parts.append(f"{ours:,} received")
    if not there:
        parts.append("nobody is listening")
    if unheard:
        parts.append(f"{unheard:,} unheard")
    if figures["missed"]:
        parts.append(f"{figures['missed']:,} missed")
    return parts


def _is_busy(figures: Figures) -> bool:
    """Whether what is on its way may not be reported yet."""
    return any(one["state"] == "working" for one in figures["listeners"])


TWO_DIGITS = Context(prec=2, rounding=ROUND_HALF_UP)


def quantity(value: object) -> str:
    """A figure as the page writes it: fractions in two digits, and a dash for what is not known.

    Halves are rounded up; tests/cases/quantity.json holds for this and for static/live/figures.js.
    """
    if not isinstance(value, int | float):
        return "–"
    exact = Decimal(repr(value))
    is_short = exact < 100 and value != int(value)
    rounded = TWO_DIGITS.plus(exact) if is_short else exact.to_integral_value(ROUND_HALF_UP)
    return f"{rounded.normalize():,f}"
