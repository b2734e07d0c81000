"""What each pattern does where six questions ask, and which scenarios of the lab prove it."""

from dataclasses import dataclass, replace

from pages.patterns import TOLD


@dataclass(frozen=True)
class Fact:
    """What a pattern does where a question asks, whatever the answer; scenarios prove it."""

    gives: bool  # what the question's demand asks for
    sentence: str
    scenarios: tuple[str, ...]
    otherwise: str = ""  # what to do, or to know, where it is asked for and not given
    taken_with: str = ""  # what else to take, so that it is given all the same
    proven_by: str = ""  # the pattern whose cells prove it, if not its own


IDEMPOTENT = (
    "Exactly once does not exist here: what is kept until it is done comes again when nobody "
    "knows whether it was. Take at least once, and make the work idempotent: the message has "
    "an id, and whoever has seen it does nothing."
)
SHARED = Fact(False, "Each message goes to one listener; several share the work.", ("steady",))
EVERY = Fact(True, "Each message goes to every listener.", ("steady",))
DONE_FIRST = Fact(
    True,
    "A message is kept until its work is done; if its listener dies, another one tries it, "
    "three tries in all, then it is put aside.",
    ("killed", "poison"),
)
WAITS = Fact(True, "What is sent while nobody is there waits.", ("nobody", "deploy"))
REPEATS = Fact(
    False,
    "Whoever dies, hangs or loses Redis between the work and the acknowledgement leaves it to be "
    "done twice.",
    ("frozen", "restart-always"),
    IDEMPOTENT,
)
OLDEST_FIRST = Fact(
    True,
    "Oldest first, also from a backlog, where one listener handles them; "
    "what is handled again comes late.",
    ("order-one", "order-three"),
)
ON_DISK = Fact(
    True,
    "What waits, waits in Redis: how much of it a restart of Redis keeps is for its "
    "appendonly and appendfsync to say.",
    ("restart-none", "restart-everysec", "restart-always"),
)
TAKEN = Fact(False, "A list has each message once: what one took, nobody else sees.", ("steady",))
ONCE = Fact(True, "Nothing is handed over a second time.", ("killed", "lost-pop"))

FURTHER = Fact(
    True,
    "A further group has them all too, from when it is there; it begins with what is still in "
    "the stream.",
    ("steady", "late"),
)

TITLES = {name: told["title"] for name, told in TOLD.items()}
TITLES["stream-each"] = "Stream, a group each"

# The patterns, the simplest first; the facts of each by question.
FACTS: dict[str, dict[str, Fact]] = {
    "prodcons": {
        "every": SHARED,
        "away": WAITS,
        "hand": Fact(
            False, "What a listener has in hand when it dies is gone.", ("killed", "lost-pop")
        ),
        "twice": ONCE,
        "order": Fact(
            False,
            "A backlog comes out newest first, for the list is a stack.",
            ("order-one", "order-three"),
            "Start one listener, with --oldest-first: BRPOP makes the list a queue.",
            taken_with="with one listener and --oldest-first",
        ),
        "others": TAKEN,
    },
    "pubsub": {
        "every": EVERY,
        "away": Fact(False, "Nothing is kept: who is away does not hear it.", ("nobody", "deploy")),
        "hand": Fact(
            False, "What was sent to it and not handled when it dies is gone for it.", ("killed",)
        ),
        "twice": ONCE,
        "order": Fact(True, "Each listener hears them as they were published.", ("steady", "slow")),
        "others": Fact(True, "Whoever else subscribes hears it too.", ("steady",)),
    },
    "reliable": {
        "every": SHARED,
        "away": WAITS,
        "hand": DONE_FIRST,
        "twice": REPEATS,
        "order": OLDEST_FIRST,
        "others": TAKEN,
    },
    "stream": {
        "every": SHARED,
        "away": WAITS,
        "hand": DONE_FIRST,
        "twice": REPEATS,
        "order": OLDEST_FIRST,
        "others": replace(FURTHER, proven_by="stream-each"),
    },
    "stream-each": {
        "every": EVERY,
        "away": Fact(
            True, "Each listener’s group keeps what came while it was away.", ("late", "deploy")
        ),
        "hand": Fact(
            True,
            "A message is kept until its work is done; a listener that died finds it again "
            "when it is back.",
            ("killed", "poison"),
        ),
        "twice": replace(REPEATS, scenarios=("restart-always",)),
        "order": OLDEST_FIRST,
        "others": FURTHER,
    },
}
