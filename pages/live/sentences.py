"""This module says the figures of a pattern in one sentence, which it makes from counts alone."""

from pages.live.wire import Figures
from pages.words import number
from patterns.declaration.pattern import Pattern

# Once a message was sent, at least one of these figures is not zero.
MOVED = ("sent", "received", "waiting", "redelivered", "dead")


def sentence(pattern: Pattern, figures: Figures, all_there: bool) -> tuple[str, str]:
    """Say what became of all that was sent, in a head and the rest of a sentence.

    `figures` has all listeners here, not only those that are shown.
    `all_there`: whether all listeners that received some of it are still listed.
    """
    there, elsewhere, unknown = figures["there"], figures["elsewhere"], figures["unknown"]
    earlier = figures["earlier"]
    gone, frozen, refused = (
        sum(one["state"] == state for one in figures["listeners"])
        for state in ("gone", "frozen", "refused")
    )
    ours = figures["received"] - elsewhere - earlier
    if not any(figures.get(name) for name in MOVED):
        awake = there - frozen
        listening = number(awake, "listener is", "listeners are") if awake else "nobody is"
        parts = [f"{listening} listening"]
    elif pattern.redelivers:
        parts = _redelivering(figures, ours)
    elif pattern.everyone_hears:
        parts = _heard_by_each(pattern, figures, ours)
    else:
        parts = _taken_once(figures, ours, all_there)
    parts += _where_true(
        (elsewhere, f"{elsewhere:,} more from other programs"),
        (earlier, f"{earlier:,} more from before the reset"),
        (figures["malformed"], f"{figures['malformed']:,} malformed"),
        (unknown, f"{unknown:,} more unknown, for the reply was lost"),
        (gone, f"{number(gone, 'listener')} gone"),
        (frozen, f"{number(frozen, 'listener')} frozen"),
        (refused, f"{number(refused, 'listener')} refused by Redis"),
    )
    return f"{figures['sent']:,} sent:", f"{', '.join(parts)}."


def _taken_once(figures: Figures, ours: int, all_there: bool) -> list[str]:
    """Return the sentence's parts where one listener takes each message, and only once."""
    sent, waiting, there = figures["sent"], figures["waiting"], figures["there"]
    working, lost = _in_hand(figures)
    rest = sent - ours - waiting - working - lost
    uncounted = -rest - figures["unknown"]  # of these the sentence tells at its end
    is_settled = not _is_busy(figures)
    received = f"{ours:,} received"
    if sent and there and all_there and ours + waiting == sent:
        each = "it" if sent == 1 else "each"
        one_of = f"{each} went to one of {there:,} listeners"
        received = f"the one listener took {each}" if there == 1 else one_of
    return _where_true(
        (ours, received),
        (not there, "nobody is listening"),
        (True, f"{waiting:,} waiting"),
        (working, f"{working:,} in hand"),
        (lost, f"{lost:,} lost by a listener that died"),
        (rest > 0 and is_settled, f"{rest:,} neither waiting nor received"),
        (uncounted > 0 and is_settled, f"{uncounted:,} of them not counted as sent"),
    )


def _redelivering(figures: Figures, ours: int) -> list[str]:
    """Return the sentence's parts where a message in a dead listener's hand goes to another."""
    working, orphaned = _in_hand(figures)
    if "kept" in figures:  # a stream keeps a message until all groups are done with it
        working = max(0, figures["kept"] - figures["waiting"] - orphaned)
    groups = figures.get("groups", 0)
    taken = ours + working + orphaned + figures["dead"]
    rest = 0 if groups > 1 else figures["sent"] - figures["waiting"] - taken
    at_least = "at least " if figures["redelivered"] else ""  # for some were received twice
    whom = f" for {'the slowest' if figures['waiting'] else 'any'} of {groups:,} groups"
    return _where_true(
        (ours, f"{ours:,} received"),
        (not figures["there"], "nobody is listening"),
        (True, f"{figures['waiting']:,} waiting{whom if groups > 1 else ''}"),
        (working, f"{working:,} in hand"),
        (orphaned, f"{orphaned:,} to be redelivered, for its listener died"),
        (figures["redelivered"], f"{figures['redelivered']:,} redelivered"),
        (figures["dead"], number(figures["dead"], "dead letter")),
        (rest > 0 and not _is_busy(figures), f"{at_least}{rest:,} neither waiting nor received"),
    )


def _heard_by_each(pattern: Pattern, figures: Figures, ours: int) -> list[str]:
    """Return the sentence's parts where each listener hears each message."""
    there, sent, unheard = figures["there"], figures["sent"], figures["unheard"]
    deliveries = number(figures["deliveries"], "delivery", "deliveries")
    is_all = ours == figures["deliveries"]
    unreceived, missed = figures.get("unreceived", 0), figures["missed"]
    at_least = "at least " if missed else ""  # for what was missed may not have been delivered
    where = "in hand, or lost" if pattern.keeps else "unread in a connection, or lost with it"
    heard = {one["received"] - one["elsewhere"] - one["earlier"] for one in figures["listeners"]}
    if sent and there and heard == {sent} and is_all and ours == sent * there:
        each = "it" if sent == 1 else "each"
        return [f"{number(there, 'listener')} heard {each}", deliveries]
    if sent and unheard == sent:
        return ["nobody was listening", "it is gone" if sent == 1 else "all are gone"]
    return _where_true(
        (True, deliveries),
        (not is_all and (unreceived or not _is_busy(figures)), f"{ours:,} received"),
        (unreceived, f"{at_least}{unreceived:,} not received: {where}"),
        (not there, "nobody is listening"),
        (unheard, f"{unheard:,} heard by nobody"),
        (missed, f"{missed:,} missed by a listener"),
        (pattern.keeps, f"{figures.get('waiting', 0):,} waiting"),
    )


def _where_true(*parts: tuple[object, str]) -> list[str]:
    """Return the parts of a sentence whose condition holds."""
    return [words for holds, words in parts if holds]


def _in_hand(figures: Figures) -> tuple[int, int]:
    """Return how many messages are in the hands of listeners that live, and of those gone."""
    states = [one["state"] for one in figures["listeners"] if one["in_hand"]]
    gone = states.count("gone")
    return len(states) - gone, gone


def _is_busy(figures: Figures) -> bool:
    """Return whether a listener is working, so that some of its counts may not be reported yet."""
    return any(one["state"] == "working" for one in figures["listeners"])
