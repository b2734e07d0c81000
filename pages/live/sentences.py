"""This module says the figures of a pattern in one sentence, which it makes from counts alone."""

from pages.live.wire import Figures
from pages.words import number
from patterns.declaration.pattern import Pattern

# Once a message was sent, at least one of these figures is not zero.
MOVED = ("sent", "received", "waiting", "redelivered", "dead")


def sentence(pattern: Pattern, figures: Figures, all_there: bool) -> tuple[str, str]:
    """Say what became of all that was sent, in a head and the rest of a sentence.

    `all_there`: whether all listeners that received some of it are still listed.
    """
    there = figures["there"]
    sent, elsewhere, unknown = figures["sent"], figures["elsewhere"], figures["unknown"]
    ours = figures["received"] - elsewhere
    if not any(figures.get(name) for name in MOVED):
        listening = number(there, "listener is", "listeners are") if there else "nobody is"
        parts = [f"{listening} listening"]
    elif pattern.redelivers:
        parts = _redelivering(figures, ours)
    elif pattern.everyone_hears:
        parts = _heard_by_each(pattern, figures, ours)
    else:
        parts = _taken_once(figures, ours, all_there)
    if elsewhere:
        parts.append(f"{elsewhere:,} more from other programs")
    if figures["malformed"]:
        parts.append(f"{figures['malformed']:,} malformed")
    if unknown:
        parts.append(f"{unknown:,} more unknown, for the reply was lost")
    if gone := sum(one["state"] == "gone" for one in figures["listeners"]):
        parts.append(f"{number(gone, 'listener')} gone")
    return f"{sent:,} sent:", f"{', '.join(parts)}."


def _taken_once(figures: Figures, ours: int, all_there: bool) -> list[str]:
    """Return the sentence's parts where one listener takes each message, and only once."""
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
        parts.append(f"{lost:,} lost by a listener that died")
    if rest > 0 and not _is_busy(figures):
        parts.append(f"{rest:,} taken, outcome unknown")
    elif rest < 0 and not _is_busy(figures):
        parts.append(f"{-rest:,} of them not counted as sent")
    return parts


def _redelivering(figures: Figures, ours: int) -> list[str]:
    """Return the sentence's parts where a message in a dead listener's hand goes to another."""
    states = [one["state"] for one in figures["listeners"] if one["in_hand"]]
    left = states.count("gone")
    working = len(states) - left
    if "kept" in figures:  # a stream keeps a message until all groups are done with it
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
        parts.append(f"{left:,} to be redelivered, for its listener died")
    if figures["redelivered"]:
        parts.append(f"{figures['redelivered']:,} redelivered")
    if figures["dead"]:
        parts.append(f"{number(figures['dead'], 'dead letter')}")
    return parts


def _heard_by_each(pattern: Pattern, figures: Figures, ours: int) -> list[str]:
    """Return the sentence's parts where each listener hears each message."""
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
        parts.append(f"{unheard:,} heard by nobody")
    if figures["missed"]:
        parts.append(f"{figures['missed']:,} missed")
    if pattern.keeps:
        parts.append(f"{figures['waiting']:,} waiting")
    return parts


def _is_busy(figures: Figures) -> bool:
    """Return whether a listener is working, so that some of its counts may not be reported yet."""
    return any(one["state"] == "working" for one in figures["listeners"])
