"""The kitchen over Redis: cooks and eaters are processes, and the counter is two lists.

One list has the dishes, the other the free places. Redis blocks whoever pops from an empty list,
so a cook waits for a free place as an eater waits for a dish.
"""

import json
import multiprocessing
import os
import secrets
import sys
import time
from dataclasses import astuple
from multiprocessing.process import BaseProcess

from redis import Redis, RedisError

from jobs.kitchen.diary import Event
from jobs.kitchen.options import TICK, Options
from jobs.kitchen.people import Keys, be_a_person, cook, eat
from jobs.kitchen.show import Show
from messaging.connection import connect, explain
from messaging.settings import KEY_PREFIX

LEAVE_WITHIN = 5  # seconds after which a process that does not leave is killed


def run(options: Options, show: Show) -> int:
    """Open the kitchen, close it, and show the sum; return the exit code."""
    prefix = f"{KEY_PREFIX}kitchen:{secrets.token_hex(4)}"  # several kitchens may share a Redis
    keys = Keys(*(f"{prefix}:{name}" for name in Keys._fields))
    try:
        with connect() as redis:
            redis.rpush(keys.free, *range(1, options.places + 1))
            try:
                serve(options, show, redis, keys)
            finally:
                redis.unlink(*keys)
    except RedisError as error:
        print(explain(error), file=sys.stderr)
        if show.was_open:
            show.end(left=None)
        return 1
    return 0


def serve(options: Options, show: Show, redis: Redis, keys: Keys) -> None:
    """Have cooks and eaters at work until the kitchen closes, and show the sum."""
    # The door closes also when this process is killed: then all read an end from it, and leave.
    door, outside = os.pipe()
    fork = multiprocessing.get_context("fork").Process  # so that the children have the door
    people: list[BaseProcess] = []
    for names, work in ((show.cooks, cook), (show.eaters, eat)):
        for me in names:
            given = (work, keys, (door, outside), me, options.lifo)
            people.append(fork(target=be_a_person, args=given, name=me))
    present = list(people)
    try:
        for one in people:
            one.start()
        show.watch(lambda: next_event(redis, keys, present))
    finally:
        os.write(outside, b"." * len(people))  # one for each to read
        end([one for one in people if one.pid])
        os.close(door)
        os.close(outside)
    tell_deaths(redis, keys, present)
    for line in redis.lrange(keys.events, 0, -1):
        show.note(Event(*json.loads(line)))
    left, free = redis.llen(keys.dishes), redis.llen(keys.free)
    show.end(left, lost_places=options.places - left - free)


def next_event(redis: Redis, keys: Keys, present: list[BaseProcess]) -> Event | None:
    tell_deaths(redis, keys, present)
    popped = redis.blpop([keys.events], TICK)
    return Event(*json.loads(popped[1])) if popped else None


def tell_deaths(redis: Redis, keys: Keys, present: list[BaseProcess]) -> None:
    """Tell who was killed, behind all that they told themselves; they are present no longer."""
    for one in [one for one in present if one.exitcode is not None]:
        present.remove(one)
        if one.exitcode:
            what = "was killed" if one.exitcode < 0 else "gave up"
            redis.rpush(keys.events, json.dumps(astuple(Event(time.monotonic(), one.name, what))))


def end(people: list[BaseProcess]) -> None:
    """Wait until all have left, and kill those that do not."""
    deadline = time.monotonic() + LEAVE_WITHIN
    for one in people:
        one.join(max(0, deadline - time.monotonic()))
        if one.exitcode is None:
            one.kill()
            one.join()
