"""Producer–consumer: senders push onto a list, and exactly one listener takes each message."""

import math
from collections.abc import Iterator

from redis import Redis

from messaging.connection import as_bytes
from messaging.settings import KEY_PREFIX
from patterns.declaration import facts
from patterns.declaration.facts import Fact, Facts
from patterns.declaration.pattern import Colours, Commands, Drawing, Hears, Order, Pattern, Words
from patterns.declaration.store import ListStore

QUEUE = f"{KEY_PREFIX}prodcons:queue"  # list


def plain_listener(redis: Redis, name: str) -> Iterator[bytes]:
    while popped := redis.blpop([QUEUE]):
        yield as_bytes(popped[1])


PATTERN = Pattern(
    name="prodcons",
    script="prodcons",
    words=Words(
        title="Producer–consumer",
        chinese="生产消费者模式",
        short="queue",
        noun="queue",
        sent="pushed",
        promise="A message waits until exactly one listener takes it; "
        "if that listener or its connection then dies, it is gone.",
    ),
    colours=Colours("#0067a5", "#e6f0f7", "#5db1e6", "#12293a", terminal="38;5;32"),
    drawing=Drawing.STACK,
    commands=Commands(send=("LPUSH",), take=("BLPOP",), take_oldest="BRPOP"),
    hears=Hears.ONE,
    kept_for=math.inf,
    redelivers=False,
    order=Order.NEWEST_FIRST,
    follows_gaps=False,  # another listener took what this one did not get
    place=QUEUE,
    store=ListStore(QUEUE, is_stack=True),
    facts=Facts(
        every=facts.SHARED,
        away=facts.WAITS,
        hand=Fact("What a listener has in hand when it dies is gone.", ("killed", "lost-pop")),
        twice=facts.ONCE,
        order=Fact(
            "A backlog comes out newest first, for the list is a stack.",
            ("order-one", "order-three"),
            otherwise="Start one listener, with --oldest-first: BRPOP makes the list a queue.",
            taken_with="with one listener and --oldest-first",
        ),
        others=facts.TAKEN_ONCE,
    ),
    plain_listener=plain_listener,
)
