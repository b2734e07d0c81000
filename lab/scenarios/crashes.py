"""Listeners and a Redis that die, listeners that freeze or are killed by what they receive."""

from lab.faults.injection import Injection
from lab.faults.poison import Poisoned
from lab.faults.processes import ChildKilled, Frozen, Killed, Overflowed
from lab.job import Settings
from lab.scenario import Scenario, listeners
from lab.workloads import Load
from patterns.declaration.pattern import Pattern

ONE, TWO, THREE = ([one.name for one in listeners(count)] for count in (1, 2, 3))
SMALL_BUFFER = ("--client-output-buffer-limit", "pubsub", "1mb", "0", "0")


def kills(settings: Settings, _: Pattern) -> list[Injection]:
    kind = ChildKilled if settings.kill_child else Killed
    return [kind([THREE[n % 3]]) for n in range(settings.kills or (3 if settings.quick else 6))]


KILLED = Scenario(
    "killed",
    "4",
    "Killed",
    "A listener is killed (kill -9) while it works on a message: what becomes of the message?",
    "Three listeners that take 20 ms a message, and about as many messages as they bear; one "
    "after the other is killed right after it was handed one, and started anew. Six times, or as "
    "often as --kills says.",
    listeners(3, work=0.02),
    lambda _, pattern: Load(40 if pattern.everyone_hears else 90),
    kills,
    in_readme=True,
)
STUCK = Scenario(
    "stuck",
    "6",
    "Stuck",
    "A subscriber stops reading until Redis cuts it off: what does it miss, and who else?",
    "Redis keeps at most 1 MB for a subscriber here (32 MB unless told otherwise); one of three "
    "listeners is stopped (SIGSTOP), large messages are sent until Redis hangs up, then it goes "
    "on.",
    listeners(3),
    lambda *_: Load(300, size=20_000),
    lambda *_: [Overflowed(ONE)],
    # Only where Redis pushes messages to listeners can one of them be too slow for it.
    fits=lambda one: not one.keeps,
    redis_options=SMALL_BUFFER,
    harmless=False,
)
FROZEN = Scenario(
    "frozen",
    "7",
    "Frozen",
    "A listener freezes (SIGSTOP) and wakes up (SIGCONT) five seconds later: who has its messages?",
    "Three listeners, 100 messages/s of 4 ms work each. Who holds messages for longer than three "
    "seconds counts as dead where others take over, so they may be handled twice.",
    listeners(3, work=0.004),
    lambda *_: Load(100),
    lambda *_: [Frozen(["listener-2"])],
    in_readme=True,
)
POISON = Scenario(
    "poison",
    "14",
    "Poison",
    "A message kills its listener each time: how often is it tried, and does it stop the others?",
    "Two listeners that are killed (kill -9) whenever they begin on that message, and are started "
    "again; about 100 others are sent with it. After three tries it is to be put aside.",
    listeners(2, fragile=True),
    lambda *_: Load(100, 100, poison=50),
    lambda *_: [Poisoned(TWO)],
    harmless=False,
    any_listener=False,
    in_readme=True,
)
