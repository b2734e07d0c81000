"""The figures of a pattern, as the page shows them and /status tells them."""

from typing import Any

from messaging.counting import Delays
from pages.ledger import Ledger, Member, Tally
from pages.words import sentence

CARDS = 12  # listeners of a pattern that are shown
REACHED = ("deliveries", "unheard")  # of a channel: what PUBLISH answered
RECEIVED = ("received", "elsewhere", "malformed", "missed")
REPEATED = ("again", "dead")  # where messages are kept until they are done
COUNTED = ("sent", "unknown", *RECEIVED, *REPEATED)

Figures = dict[str, Any]


def figures(ledger: Ledger, pattern: str, waiting: Figures | None, now: float) -> Figures:
    """All that is known of a pattern; `waiting` is what `look` saw, None for a channel."""
    total = ledger.totals[pattern]
    listeners = list(ledger.listeners(pattern, now))
    is_backlog = bool(waiting and waiting["waiting"])
    keeps = bool(waiting and "dead_letters" in waiting)  # what a listener has in hand
    counted = ("sent", "unknown", *(() if waiting else REACHED), *RECEIVED)
    told: Figures = {name: total.counts[name] for name in counted}
    told |= {name: total.counts[name] for name in REPEATED if keeps}
    told |= waiting or {}
    told |= _delays(total.delays)
    told["listeners"] = [_card(member, is_backlog, keeps, now) for member in listeners[:CARDS]]
    told["more"] = len(listeners) - len(told["listeners"])
    told["there"] = sum(not member.is_gone(now) for member in listeners)
    theirs = sum(member.received() for member in listeners)
    told["sentence"] = sentence(told, theirs == told["received"])
    return told


def sample(fresh: Tally, seconds: float) -> list[float | None]:
    """Sent/s, received/s, and the delays in ms: median and p99."""
    rates = [round(fresh.counts[name] / seconds, 1) for name in ("sent", "received")]
    return [*rates, *_delays(fresh.delays).values()]


def _card(member: Member, is_backlog: bool, keeps: bool, now: float) -> Figures:
    report, tally = member.report, member.tally()
    is_gone = member.is_gone(now)
    rate = 0.0 if is_gone else round(member.rate(now), 1)
    # Nobody is waiting while messages wait for them.
    is_working = member.in_hand() or is_backlog or rate >= 1
    state = "gone" if is_gone else "working" if is_working else "waiting"
    told: Figures = {"id": report.id, "name": report.name, "host": report.host, "pid": report.pid}
    told |= {"state": state, "doing": _doing(member, state, rate, keeps, now)}
    told |= {name: tally.counts[name] for name in (*RECEIVED, *(REPEATED if keeps else ()))}
    told |= {"rate": rate, **_delays(tally.delays)}
    return told | {"last": report.last, "in_hand": member.in_hand()}


def _doing(member: Member, state: str, rate: float, keeps: bool, now: float) -> str:
    """What else is to be said of a state."""
    hand = member.in_hand()
    if state == "gone":
        lost = (f" while on {hand[1]}" if keeps else f", {hand[1]} lost") if hand else ""
        return f"{int(now - member.heard)} s ago{lost}"
    if hand and rate < 1:
        return f"on {hand[1]}"
    return f"{round(rate):,}/s" if rate >= 1 else ""


def _delays(delays: Delays) -> dict[str, float | None]:
    told = {}
    for name, share in (("delay_p50_ms", 0.5), ("delay_p99_ms", 0.99)):
        seconds = delays.quantile(share)
        told[name] = None if seconds is None else float(f"{seconds * 1000:.3g}")
    return told
