"""Connections that are cut or go silent, and replies that are lost."""

from dataclasses import replace

from lab.faults.injection import Injection
from lab.faults.network import A_MESSAGE, Cut, ReplyLost, Silent
from lab.history.records import SENDER
from lab.scenario import Scenario, listeners
from lab.workloads import Load

ONE, THREE = ([one.name for one in listeners(count)] for count in (1, 3))


def lost_reply(target: str, to: str, having: bytes = b"") -> list[Injection]:
    return [ReplyLost([target], to.encode(), having)]


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
    is_quick=False,
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
    is_quick=False,
)
