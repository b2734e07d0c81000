"""This module makes the figures of the page and of /status from what was counted and what waits."""

import time
from collections.abc import Mapping, Sequence

from redis import Redis
from redis.exceptions import ResponseError

from messaging.message import MalformedLineError, Message
from messaging.reporting.report import BODY_SHOWN, Delays, ListenerCount
from pages.live.ledger import Ledger
from pages.live.member import REPEATED, Member, Tally
from pages.live.sentences import sentence
from pages.live.wire import Card, Figures, Preview, Sample
from patterns import PATTERNS
from patterns.declaration.pattern import Order, Pattern
from patterns.declaration.store import Backlog

CARDS = 12  # listeners of a pattern that are shown
RECEIVED: tuple[ListenerCount, ...] = ("received", "elsewhere", "earlier", "malformed", "missed")
REACHED = ("deliveries", "unheard")  # where Redis answers how many listeners a send reached


def look(redis: Redis) -> dict[str, Backlog]:
    """Return what waits now, by pattern."""
    backlogs = {}
    for name, pattern in PATTERNS.items():
        try:
            backlogs[name] = pattern.store.look(redis)
        except ResponseError:  # another program uses the key for another type
            backlogs[name] = pattern.store.nothing
    return backlogs


def figures(pattern: Pattern, ledger: Ledger, waiting: Backlog, now: float) -> Figures:
    """Return all figures of a pattern; `now` is of the monotonic clock."""
    total = ledger.totals[pattern.name]
    listeners = ledger.listeners(pattern.name, now)
    repeated = REPEATED if pattern.redelivers else ()
    reached = REACHED if pattern.everyone_hears else ()
    result: Figures = {}
    for name in ("sent", "unknown", *RECEIVED, *reached, *repeated):
        result[name] = total.counts[name]  # type: ignore[literal-required]
    result.update(_waiting_figures(pattern, waiting))
    if not pattern.redelivers:
        a_moment_ago = ledger.moments[pattern.name].at(now)
        result["unreceived"] = _unreceived(pattern, result, a_moment_ago)
    minute = ledger.minutes[pattern.name].until(now)
    result["delay_p50_ms"], result["delay_p99_ms"] = _delays(minute)
    facts = [_facts(member, pattern, waiting, now) for member in listeners]
    result["listeners"] = [_card(*one, now) for one in zip(listeners[:CARDS], facts, strict=False)]
    result["more"] = len(listeners) - len(result["listeners"])
    result["there"] = sum(not member.is_gone(now) for member in listeners)
    theirs = sum(member.received() for member in listeners)
    of_all: Figures = {**result, "listeners": facts}
    result["head"], result["rest"] = sentence(pattern, of_all, theirs == result["received"])
    return result


def sample(fresh: Mapping[str, Tally], seconds: float) -> Sample:
    """Return the rates and delays of what was counted in the last `seconds`."""
    result: Sample = {"at": time.time()}
    for name in PATTERNS:
        rates = [round(fresh[name].counts[count] / seconds, 1) for count in ("sent", "received")]
        result[name] = [*rates, *_delays(fresh[name].delays)]
    return result


def _waiting_figures(pattern: Pattern, waiting: Backlog) -> Figures:
    """Return those figures of what waits that the pattern has."""
    result: Figures = {}
    if pattern.keeps:
        sent = None if waiting.oldest is None else _decode(waiting.oldest).sent
        result["waiting"] = waiting.count
        result["oldest_s"] = None if sent is None else round(max(0.0, time.time() - sent), 1)
        shown = _previews(waiting.next)
        match pattern.order:
            case Order.NEWEST_FIRST:
                result["newest"] = shown
            case Order.OLDEST_FIRST:
                result["oldest"] = shown
    if pattern.redelivers:
        result["dead_letters"] = waiting.dead_letters
        result["aside"] = _previews(waiting.aside)
    result.update(waiting.more)  # type: ignore[typeddict-item]
    return result


def _unreceived(pattern: Pattern, figures: Figures, a_moment_ago: Mapping[str, int]) -> int:
    """Return how many messages were given to listeners that have not received them yet.

    Only those count that were sent a moment ago, so that none is on its way only for us; where
    some were missed as well, which may never have been given to a listener, it is the least.
    """
    ours = figures["received"] - figures["elsewhere"] - figures["earlier"]
    settled = a_moment_ago["deliveries" if pattern.everyone_hears else "sent"]
    return max(0, settled - ours - figures["missed"] - figures.get("waiting", 0))


def _previews(lines: Sequence[bytes]) -> list[Preview]:
    return [(one.id, one.body[:BODY_SHOWN]) for one in map(_decode, lines)]


def _decode(line: bytes) -> Message:
    try:
        return Message.decode(line)
    except MalformedLineError:
        return Message("not UTF-8")


def _facts(member: Member, pattern: Pattern, waiting: Backlog, now: float) -> Card:
    """Return what a sentence needs to know of a listener, of which there may be thousands."""
    facts: Card = {"in_hand": None if member.is_relieved else member.counted.in_hand}
    facts["state"], facts["doing"] = _state(member, pattern, waiting, now)
    for name in (*RECEIVED, *(REPEATED if pattern.redelivers else ())):
        facts[name] = member.counted.counts.get(name, 0)
    return facts


def _card(member: Member, facts: Card, now: float) -> Card:
    report = member.report
    card: Card = {"id": report.id, "name": report.name, "host": report.host, "pid": report.pid}
    card.update(facts)
    card["rate"], card["last"] = round(member.rate(now), 1), report.last
    card["delay_p50_ms"], card["delay_p99_ms"] = _delays(member.minute.until(now))
    return card


def _state(member: Member, pattern: Pattern, waiting: Backlog, now: float) -> tuple[str, str]:
    """Return a listener's state, and more about it, as «on 7»."""
    hand, rate = member.counted.in_hand, round(member.rate(now), 1)
    if member.is_gone(now):
        ago = f"{int(now - member.heard)} s ago"
        if hand:
            ago += f" while on {hand[1]}" if pattern.redelivers else f", «{hand[1]}» lost"
            ago += ", taken over" if member.is_relieved else ""
        return "gone", ago
    if member.is_frozen:
        return "frozen", f"on {hand[1]}" if hand else ""
    if member.report.refused:
        return "refused", member.report.refused
    if rate >= 1:
        return "working", f"{round(rate):,}/s"
    if hand:
        return "working", f"on {hand[1]}"
    # While messages wait that any of them may take, no listener is idle.
    is_idle = pattern.everyone_hears or not waiting.count
    return "waiting" if is_idle else "working", ""


def _delays(delays: Delays) -> list[float | None]:
    """Return the median and the 99th percentile in ms, rounded to three digits."""
    seconds = [delays.quantile(share) for share in (0.5, 0.99)]
    return [None if one is None else float(f"{one * 1000:.3g}") for one in seconds]
