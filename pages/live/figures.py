"""This module turns the counts in the ledger into the figures that the page and /status show."""

from collections.abc import Iterable

from messaging.delays import Delays
from pages.live.ledger import Ledger, Member, Tally
from pages.live.sentences import sentence
from pages.live.wire import Card, Figures, Point
from patterns.declaration.pattern import Pattern

CARDS = 12  # listeners of a pattern that are shown
SENT = ("sent", "unknown")
RECEIVED = ("received", "elsewhere", "malformed", "missed")
REACHED = ("deliveries", "unheard")  # where Redis answers how many listeners a send reached
REPEATED = ("redelivered", "dead")
COUNTED = (*SENT, *RECEIVED, *REPEATED)


def figures(ledger: Ledger, pattern: Pattern, waiting: Figures, now: float) -> Figures:
    """Return all figures of a pattern; `waiting` is what `waiting.look` returned for it."""
    total = ledger.totals[pattern.name]
    listeners = list(ledger.listeners(pattern.name, now))
    repeated = REPEATED if pattern.redelivers else ()
    reached = REACHED if pattern.everyone_hears else ()
    told: Figures = {}
    for name in (*SENT, *RECEIVED, *reached, *repeated):
        told[name] = total.counts[name]  # type: ignore[literal-required]
    told.update(waiting)
    told["delay_p50_ms"], told["delay_p99_ms"] = _delays(total.delays)
    told["listeners"] = [_card(member, pattern, told, now) for member in listeners[:CARDS]]
    told["more"] = len(listeners) - len(told["listeners"])
    told["there"] = sum(not member.is_gone(now) for member in listeners)
    theirs = sum(member.received() for member in listeners)
    told["head"], told["rest"] = sentence(pattern, told, theirs == told["received"])
    return told


def is_zero(patterns: Iterable[Figures]) -> bool:
    """Return whether nothing was counted since the figures were zeroed."""
    return not any(one.get(name) for one in patterns for name in COUNTED)


def sample(fresh: Tally, seconds: float) -> Point:
    """Return sent/s, received/s, and median and p99 delay in ms, over the last `seconds`."""
    rates = [round(fresh.counts[name] / seconds, 1) for name in ("sent", "received")]
    return [*rates, *_delays(fresh.delays)]


def _card(member: Member, pattern: Pattern, figures: Figures, now: float) -> Card:
    report, tally = member.report, member.tally()
    is_gone = member.is_gone(now)
    rate = 0.0 if is_gone else round(member.rate(now), 1)
    # While messages wait that any of them may take, no listener is idle.
    backlog = 0 if pattern.everyone_hears else figures.get("waiting", 0)
    is_working = member.in_hand() or backlog or rate >= 1
    state = "gone" if is_gone else "working" if is_working else "waiting"
    card: Card = {"id": report.id, "name": report.name, "host": report.host, "pid": report.pid}
    card["state"], card["doing"] = state, _doing(member, state, rate, pattern.redelivers, now)
    for name in (*RECEIVED, *(REPEATED if pattern.redelivers else ())):
        card[name] = tally.counts[name]  # type: ignore[literal-required]
    card["rate"] = rate
    card["delay_p50_ms"], card["delay_p99_ms"] = _delays(tally.delays)
    card["last"], card["in_hand"] = report.last, member.in_hand()
    return card


def _doing(member: Member, state: str, rate: float, comes_back: bool, now: float) -> str:
    """Say more about a state, such as «on 7»; empty where there is nothing more to say.

    `comes_back`: whether another listener gets the message that a dead one had in hand.
    """
    hand = member.in_hand()
    if state == "gone":
        lost = (f" while on {hand[1]}" if comes_back else f", {hand[1]} lost") if hand else ""
        return f"{int(now - member.heard)} s ago{lost}"
    if hand and rate < 1:
        return f"on {hand[1]}"
    return f"{round(rate):,}/s" if rate >= 1 else ""


def _delays(delays: Delays) -> list[float | None]:
    """Return the median and the 99th percentile in ms, rounded to three digits."""
    seconds = [delays.quantile(share) for share in (0.5, 0.99)]
    return [None if one is None else float(f"{one * 1000:.3g}") for one in seconds]
