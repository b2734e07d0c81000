"""What a pattern does where «which one do I take?» asks, and which scenarios of the lab show it."""

from dataclasses import dataclass

IDEMPOTENT = (
    "Exactly once does not exist here: what is kept until it is done comes again when nobody "
    "knows whether it was. Take at least once, and make the work idempotent: the message has "
    "an id, and whoever has seen it does nothing."
)


@dataclass(frozen=True)
class Fact:
    """What a pattern does where a question asks, whatever the answer."""

    sentence: str
    scenarios: tuple[str, ...]  # of the lab
    otherwise: str = ""  # what to do, or to know, where it is asked for and not given
    taken_with: str = ""  # what else to take, so that it is given all the same
    proven_by: str = ""  # the pattern whose measurements show it, if not its own


@dataclass(frozen=True)
class Facts:
    """One for each question; whether it is a yes or a no follows from what the pattern declares."""

    every: Fact
    away: Fact
    hand: Fact
    twice: Fact
    order: Fact
    others: Fact


# What several patterns share.
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
    "Whoever dies, hangs or loses Redis between the work and the acknowledgement leaves it to be "
    "done twice.",
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
