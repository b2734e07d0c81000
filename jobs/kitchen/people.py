"""Cooks and eaters of the kitchen over Redis: what each of their processes does."""

import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import astuple, dataclass
from itertools import count
from random import uniform
from typing import NamedTuple

from redis import Redis, RedisError

from jobs.kitchen.diary import Event
from jobs.kitchen.options import COOKING, EATING, TICK
from messaging.connection import as_bytes, connect


class Keys(NamedTuple):
    """Three lists in Redis, the oldest first."""

    dishes: str
    free: str  # the places on the counter that have no dish
    events: str


@dataclass
class Person:
    """One cook or eater, who leaves when the door can be read."""

    redis: Redis
    keys: Keys
    door: int
    me: str
    lifo: bool

    def closes_within(self, seconds: float) -> bool:
        """Wait for so long; return at once, and true, when the kitchen closes."""
        return bool(select.select([self.door], [], [], seconds)[0])

    def tell(self, what: str, dish: str = "", *, push: tuple[str, str] | None = None) -> None:
        """Append an event to the list, and in the same transaction what it tells of."""
        event = json.dumps(astuple(Event(time.monotonic(), self.me, what, dish)))
        with self.redis.pipeline() as both:
            if push:
                both.rpush(*push)
            both.rpush(self.keys.events, event)
            both.execute()

    def take(self, key: str, newest: bool = False) -> str | None:
        """Pop from a list, wait while it is empty; return None when the kitchen closes before."""
        pop, wait = self.redis.lpop, self.redis.blpop
        if newest:
            pop, wait = self.redis.rpop, self.redis.brpop
        if found := pop(key):
            return as_bytes(found).decode()  # type: ignore[arg-type]  # of many only with a count
        self.tell("waits")
        while not self.closes_within(0):
            if popped := wait([key], TICK):
                return as_bytes(popped[1]).decode()
        return None


def cook(person: Person) -> None:
    """Cook dishes, and put each on a free place of the counter, until the kitchen closes."""
    for number in count(1):
        if person.closes_within(uniform(*COOKING)) or not person.take(person.keys.free):
            return
        dish = f"{person.me.split()[1]}-{number}"
        person.tell("puts", dish, push=(person.keys.dishes, dish))


def eat(person: Person) -> None:
    """Take dishes from the counter, and eat them, until the kitchen closes."""
    while not person.closes_within(0) and (dish := person.take(person.keys.dishes, person.lifo)):
        person.tell("takes", dish, push=(person.keys.free, "a place"))
        person.closes_within(uniform(*EATING))  # and eat up at once when the kitchen closes
        person.tell("has eaten", dish)


def be_a_person(
    work: Callable[[Person], None], keys: Keys, door: tuple[int, int], me: str, lifo: bool
) -> None:
    """Work in a process of its own until the kitchen closes.

    Whoever runs the kitchen writes a byte for each of us to the door; when it was killed, there is
    only the end to read, and then the last one to leave has deleted the keys.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # a Ctrl-C reaches all of us: the door decides
    inside, outside = door
    os.close(outside)
    with closing(connect()) as redis:
        try:
            work(Person(redis, keys, inside, me, lifo))
            if not os.read(inside, 1):
                redis.unlink(*keys)
        except RedisError:
            sys.exit(1)  # whoever runs the kitchen says what is wrong with Redis
