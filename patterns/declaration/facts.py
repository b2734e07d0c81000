"""How a pattern answers the questions of /compare, and which scenarios of the lab prove it."""

from dataclasses import dataclass

IDEMPOTENT = (
    "Exactly once does not exist here: what is kept until it is done comes again when nobody "
    "knows whether it was. Take at least once, and make the work idempotent: the message has "
    "an id, and whoever has seen it does nothing."
)


@dataclass(frozen=True)
class Fact:
    """The answer of a pattern to one question; the same sentence serves for yes and for no."""

    sentence: str
    scenarios: tuple[str, ...]  # of the lab, whose measurements prove it
    otherwise: str = ""  # advice for whoever needs what the pattern does not give
    taken_with: str = ""  # an addition with which the pattern gives it after all
    proven_by: str = ""  # the pattern that was measured, if not this one


@dataclass(frozen=True)
class Facts:
    """A fact for each question; the fields of `Pattern` tell whether the answer is yes or no."""

    every: Fact  # must every listener get each message?
    away: Fact  # may a message be lost while its listener is away?
    hand: Fact  # may a message be lost when its listener dies?
    twice: Fact  # may a message be handled twice?
    order: Fact  # must messages be handled in the order of sending?
    others: Fact  # do other programs need the same messages?


# Facts that several patterns share.
SHARED = Fact("Each message goes to one listener; several share the work.", ("steady",))
EVERY = Fact("Each message goes to every listener.", ("steady",))
DONE_FIRST = Fact(
    "A message is kept until its work is done; if its listener dies, another one tries it, "
    "three tries in all, then it is put aside.",
    ("killed", "poison"),
)
WAITS = Fact("What is sent while nobody is there waits.", ("nobody", "deploy"))
ONCE = Fact("Nothing is handed over a second time.", ("killed", "lost-pop"))
REPEATS = Fact(
    "Whoever dies, is frozen or loses Redis before it acknowledges leaves the work to be "
    "done again.",
    ("frozen", "restart-always"),
    IDEMPOTENT,
)
OLDEST_FIRST = Fact(
    "Oldest first, also from a backlog, where one listener handles them; "
    "what is handled again comes late.",
    ("order-one", "order-three"),
)
TAKEN_ONCE = Fact("A list has each message once: what one took, nobody else sees.", ("steady",))
ON_DISK = Fact(
    "What waits, waits in Redis: how much of it a restart of Redis keeps is for its "
    "appendonly and appendfsync to say.",
    ("restart-none", "restart-everysec", "restart-always"),
)
