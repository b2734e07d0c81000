"""What is to be expected of a pattern in each experiment; it follows from what it declares."""

from patterns.declaration.pattern import Order, Pattern


def away(pattern: Pattern) -> str:
    return pattern.facts.away.sentence


def shares(pattern: Pattern) -> str:
    return pattern.facts.every.sentence


def order(pattern: Pattern) -> str:
    if pattern.order is Order.NEWEST_FIRST:
        return "The newest comes first, for the list is a stack; with --oldest-first it is a queue."
    return "The oldest comes first."


def killed(pattern: Pattern) -> str:
    return pattern.facts.hand.sentence


def stopped(pattern: Pattern) -> str:
    if not pattern.keeps:
        return "The other hears all; the rest of the one that stops is gone for it."
    if pattern.everyone_hears:
        return "The other gets all; the rest of the one that stops waits for it."
    return "The other takes the rest."


def rests(pattern: Pattern) -> str:
    if pattern.keeps:
        return "The rest waits in Redis, also when the listener stops."
    return "The rest is in the connection of the listener, and is lost with it."


def restarted(pattern: Pattern) -> str:
    if pattern.keeps:
        return "What waited in a Redis that keeps nothing on disk is lost."
    return "Nothing waits here; what was on its way may be lost."


def cut(pattern: Pattern) -> str:
    if not pattern.keeps:
        return "It misses what was sent meanwhile, and finds the gap by the numbers."
    if pattern.everyone_hears:
        return "What was sent meanwhile waits for it."
    return "The other takes what was sent meanwhile."


def unsure(pattern: Pattern) -> str:
    return "Nobody can know: give up, and it may be lost; try again, and it may come twice."


def poisoned(pattern: Pattern) -> str:
    if pattern.redelivers:
        return "It goes from one to the next; after three deliveries it is put aside."
    if pattern.everyone_hears:
        return "Each that hears it dies."
    return "One dies, and the message is gone with it."
