"""All scenarios, in the order of their numbers: each is a row of parts and a question."""

from dataclasses import replace

from lab.faults.injection import Injection
from lab.faults.network import A_MESSAGE, Cut, ReplyLost, Silent
from lab.faults.processes import Frozen, Joined, Killed, Overflowed, Poisoned, Stopped
from lab.faults.servers import Forgotten, Restarted
from lab.history.records import SENDER
from lab.job import Settings
from lab.scenario import Listener, Scenario, listeners
from lab.workloads import Load
from patterns.declaration.pattern import Pattern

ONE, TWO, THREE = ([one.name for one in listeners(count)] for count in (1, 2, 3))
AOF = ("--appendonly", "yes", "--appendfsync")
SMALL_BUFFER = ("--client-output-buffer-limit", "pubsub", "1mb", "0", "0")


def steady_load(settings: Settings, _: Pattern) -> Load:
    rate = settings.rate or 200
    return Load(rate, int(rate * (1.5 if settings.quick else 5)))


def burst_load(settings: Settings, _: Pattern) -> Load:
    return Load(least=5_000 if settings.quick else 10_000 if settings.url else 100_000)


def kills(settings: Settings, _: Pattern) -> list[Injection]:
    return [Killed([THREE[n % 3]]) for n in range(settings.kills or 6)]


def lost_reply(target: str, to: str, having: bytes = b"") -> list[Injection]:
    return [ReplyLost([target], to.encode(), having)]


STEADY = Scenario(
    "steady",
    "1",
    "Steady",
    "Three listeners, a fixed rate: does each message arrive, once, in order, and how soon?",
    "200 messages/s for five seconds, or at the rate that was asked for.",
    listeners(3),
    steady_load,
    alone=True,
    answer=("delay_p50_ms", "delay {} ms", 1),
)
NOBODY = Scenario(
    "nobody",
    "2",
    "Nobody there",
    "Nobody is there: what becomes of what is sent before any listener starts?",
    "Three listeners were there once and stopped; 300 messages are sent, then they start again.",
    listeners(3),
    lambda *_: Load(300),
    lambda *_: [Stopped(THREE, messages=300)],
    in_readme=True,
)
LATE = Scenario(
    "late",
    "3",
    "Late",
    "A listener joins in the middle: what does it get of what was sent before and after?",
    "One listener is there; after 200 messages at 200/s a second one comes. It is owed what is "
    "sent from then on.",
    listeners(1),
    lambda *_: Load(200),
    lambda *_: [Joined(["late"])],
)
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
DEPLOY = Scenario(
    "deploy",
    "5",
    "Deploy",
    "Every listener is restarted in turn with SIGTERM under load: is anything lost or repeated?",
    "Three listeners, 200 messages/s; each is stopped as a deployment would and started again.",
    listeners(3),
    lambda *_: Load(200),
    lambda *_: [Stopped([name]) for name in THREE],
)
SLOW = Scenario(
    "slow",
    "6",
    "Slow",
    "One of three listeners takes 50 ms a message: who waits for it?",
    "100 messages/s for four seconds, more than the slow one bears alone.",
    [Listener("slow", work=0.05), *listeners(2)],
    lambda settings, _: Load(100, 200 if settings.quick else 400),
    alone=True,
    answer=("delay_max_ms", "delay at most {} ms", 1),
    deadline=40,
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
RESTART_NONE = Scenario(
    "restart-none",
    "8",
    "Redis restarted, nothing kept",
    "Redis is killed and started again, and keeps nothing on disk: what is lost?",
    "Two listeners of 10 ms a message, 250 messages/s, so that some wait; Redis is away for a "
    "second. What is sent then is refused, which is no loss.",
    listeners(2, work=0.01),
    lambda *_: Load(250),
    lambda *_: [Forgotten(TWO)],
    harmless=False,
    in_readme=True,
)
RESTART_EVERYSEC = replace(
    RESTART_NONE,
    name="restart-everysec",
    title="Redis restarted, AOF everysec",
    question="The same with an append-only file that is synced every second: what is lost?",
    about="The process is killed, not the machine: what was written and not yet synced survives "
    "that.",
    faults=lambda *_: [Restarted(TWO)],
    redis_options=(*AOF, "everysec"),
    is_quick=False,
    in_readme=False,
)
RESTART_ALWAYS = replace(
    RESTART_EVERYSEC,
    name="restart-always",
    title="Redis restarted, AOF always",
    question="The same with an append-only file that is synced at each write: what is lost?",
    about="The process is killed, not the machine, as before.",
    redis_options=(*AOF, "always"),
    is_quick=True,
)
CUT = Scenario(
    "cut",
    "9",
    "Connections cut",
    "All connections are cut (CLIENT KILL) under load, three times: what is lost or repeated?",
    "Three listeners, 200 messages/s of 2 ms work each.",
    listeners(3, work=0.002),
    lambda *_: Load(200),
    lambda *_: [Cut([*THREE, SENDER])] * 3,
    where_client_matters=True,
)
LOST_PUSH = Scenario(
    "lost-push",
    "10",
    "Lost reply to a push",
    "The reply to one push is lost: is the message stored once, twice, or not at all?",
    "A proxy between the sender and Redis swallows the reply to one of about 60 and cuts the "
    "connection. Whoever sends again stores it twice; whoever does not cannot know.",
    listeners(2),
    lambda *_: Load(200, 60),
    lambda _, pattern: lost_reply(SENDER, pattern.commands.send[0]),
    where_client_matters=True,
    quick_plain=True,
    harmless=False,
    in_readme=True,
)
LOST_POP = Scenario(
    "lost-pop",
    "10",
    "Lost reply to a pop",
    "The reply that hands over a message is lost on its way to a listener: who gets the message?",
    "A proxy swallows one reply with a message in it, and cuts the connection; one listener, "
    "about 60 messages.",
    listeners(1),
    lambda *_: Load(200, 60),
    lambda _, pattern: lost_reply(
        ONE[0], pattern.commands.take[0] if pattern.keeps else "", A_MESSAGE
    ),
    where_client_matters=True,
    harmless=False,
)
LOST_ACK = replace(
    LOST_POP,
    name="lost-ack",
    title="Lost reply to an acknowledgement",
    question="The reply to an acknowledgement is lost: is the message handled again?",
    about="A proxy swallows the reply to one LREM or XACK, and cuts the connection; one listener, "
    "about 60 messages.",
    faults=lambda _, pattern: lost_reply(ONE[0], pattern.commands.acknowledge[0]),
    fits=lambda one: one.commands.acknowledge,
)
HALF_OPEN = Scenario(
    "half-open",
    "11",
    "Half open",
    "A line goes silent without being closed: how long until each end notices?",
    "First the listener’s, then the sender’s, each behind a proxy that stops forwarding; new "
    "connections work. Who has not noticed within twelve seconds is said never to.",
    listeners(1),
    lambda *_: Load(100),
    lambda *_: [Silent(ONE), Silent([SENDER])],
    where_client_matters=True,
    harmless=False,
)
ORDER_ONE = Scenario(
    "order-one",
    "12",
    "Order, one listener",
    "A backlog of 100: in which order does it come out, with one listener?",
    "The listener is stopped while they are sent, and started again.",
    listeners(1),
    lambda *_: Load(300),
    lambda *_: [Stopped(ONE, messages=100)],
    fits=lambda one: one.keeps,
    tells_order=True,
    in_readme=True,
)
ORDER_THREE = replace(
    ORDER_ONE,
    name="order-three",
    title="Order, three listeners",
    question="A backlog of 100: in which order does it come out, with three listeners?",
    about="They are stopped while the messages are sent, and started together.",
    listeners=listeners(3),
    faults=lambda *_: [Stopped(THREE, messages=100)],
    is_quick=False,
    in_readme=False,
)
BURST = Scenario(
    "burst",
    "13",
    "Burst",
    "Many messages at once: how long until three listeners have drained them?",
    "100,000, in writes of 1,000; with --quick 5,000, on a Redis of others 10,000.",
    listeners(3),
    burst_load,
    alone=True,
    answer=("delay_max_ms", "drained in {} s", 1000),
    deadline=90,
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
ALL = [one for one in [*vars().values()] if isinstance(one, Scenario)]
SCENARIOS = {one.name: one for one in sorted(ALL, key=lambda one: int(one.number))}
