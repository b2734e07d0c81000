"""Listeners that take wrongly: python -m tests.planted.taking PATTERN PLANT [options]

They tell the truth of what they do; each plant stands in the place of the function that takes
messages from Redis.
"""

import json
import os
import random
import signal
import sys
from collections.abc import Callable, Iterator
from importlib import import_module

from redis import Redis

from messaging.connection import as_bytes
from messaging.receiving.contract import Batch, Consumer, Item, Ready
from messaging.receiving.output import write
from messaging.receiving.script import listen, no_arguments
from messaging.receiving.stopping import Stopping
from patterns import PATTERNS
from patterns.machinery import groups
from patterns.prodcons import QUEUE
from patterns.reliable import DEAD_LETTERS
from tests.planted.life import Life

Take = Callable[..., Iterator[Item]]
FEW = 4  # messages
life = Life()


def five_then_talk(redis: Redis, consumer: Consumer, take: Take, **options: str) -> Iterator[Item]:
    """Five messages, and then other lines for ever."""
    for n, item in enumerate(take(redis, consumer, **options)):
        yield item
        if n == 5:
            break
    while not consumer.stopping.wait(0.05):
        write(json.dumps({"still": "here"}) + "\n")


def never_again(redis: Redis, consumer: Consumer, take: Take, **options: str) -> Iterator[Item]:
    """All messages, until it comes again; then none."""
    life.connect()
    if not life.is_back:
        yield from take(redis, consumer, **options)
        return
    yield Ready()
    consumer.stopping.wait()


def once_again(redis: Redis, consumer: Consumer, take: Take, **options: str) -> Iterator[Item]:
    """All messages, until it comes again; then one, or none if its client hid that."""
    life.connect()
    first = port_of(redis)
    for item in take(redis, consumer, **options):
        yield item
        if isinstance(item, Batch) and (life.is_back or port_of(redis) != first):
            consumer.stopping.wait()
            return


def port_of(redis: Redis) -> int:
    """The port of its connection, which changes when redis-py connects again by itself."""
    connection = redis.connection_pool.get_connection()
    redis.connection_pool.release(connection)
    return int(connection._get_socket().getsockname()[1])  # type: ignore[union-attr] # it is connected


def push_again(redis: Redis, consumer: Consumer, take: Take, **options: str) -> Iterator[Item]:
    """A few messages twice: they are pushed again, and so handed over again."""
    for item in take(redis, consumer, **options):
        yield item
        if isinstance(item, Batch):
            life.handle()
            if life.handled in range(3, 3 + FEW) and life.number == 1:
                redis.lpush(QUEUE, *item.lines)


def any_order(redis: Redis, consumer: Consumer, take: Take, **options: str) -> Iterator[Item]:
    """Whatever waits, at once and in any order."""
    yield Ready()
    while not consumer.stopping.wait(0.002):
        lines = [*map(as_bytes, redis.lpop(QUEUE, 200) or ())]  # type: ignore[arg-type]
        yield Batch(random.Random(len(lines)).sample(lines, len(lines)))


def peek(redis: Redis, consumer: Consumer, take: Take, **options: str) -> Iterator[Item]:
    """The second listener takes one, and from then on looks at what others get."""
    for item in take(redis, consumer, **options):
        yield item
        if isinstance(item, Batch) and os.environ["NAME"].endswith("2"):
            break
    last = None
    while not consumer.stopping.wait(0.0005):
        for line in map(as_bytes, redis.lrange(QUEUE, 0, 0)):
            if line != last:
                yield Batch([line])
            last = line


def shelve(redis: Redis, consumer: Consumer, take: Take, **options: str) -> Iterator[Item]:
    """All messages; each tenth is put on the dead-letter list as well."""
    for item in take(redis, consumer, **options):
        yield item
        if isinstance(item, Batch):
            life.handle()
            if life.handled % 10 == 0:
                redis.rpush(DEAD_LETTERS, *item.lines)


def sweep(redis: Redis, consumer: Consumer, take: Take, **options: str) -> Iterator[Item]:
    """All messages but those that wait when it comes again, which it deletes."""
    life.connect()
    if life.is_back:
        redis.delete(QUEUE)
    yield from take(redis, consumer, **options)


def leave(redis: Redis, consumer: Consumer, take: Take, **options: str) -> Iterator[Item]:
    """Twenty messages; then it ends by itself, as if all were well."""
    for item in take(redis, consumer, **options):
        yield item
        if isinstance(item, Batch):
            life.handle()
            if life.handled == 20 and life.number == 1:
                return


def stubborn(redis: Redis, consumer: Consumer, take: Take, **options: str) -> Iterator[Item]:
    """All messages; it ignores SIGTERM."""
    yield from take(redis, consumer, **options)


def idle(redis: Redis, consumer: Consumer, take: Take, **options: str) -> Iterator[Item]:
    """All messages; it acknowledges none."""
    Redis.lrem = lambda *_: 1  # type: ignore[method-assign,assignment]
    groups.acknowledge = lambda *_, **__: None
    yield from take(redis, consumer, **options)


def ignore_signals(self: Stopping) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def wake_up_again() -> None:
    """Have a helper, which belongs to nobody, wake this process whenever it is frozen."""
    me = os.getpid()
    if os.fork() == 0:
        if os.fork():
            os._exit(0)
        os.setsid()
        script = f"while kill -CONT {me} 2>/dev/null; do sleep 0.5; done"
        os.execvp("env", ["env", "-i", "sh", "-c", script])  # noqa: S606
    os.wait()


def insomniac(redis: Redis, consumer: Consumer, take: Take, **options: str) -> Iterator[Item]:
    """All messages; it does not stay frozen."""
    yield from take(redis, consumer, **options)


if __name__ == "__main__":
    pattern, name = sys.argv.pop(1), sys.argv.pop(1)
    module, plant = import_module(f"listeners.{pattern}"), globals()[name]
    if plant is stubborn:
        Stopping.set_by_signals = ignore_signals  # type: ignore[method-assign]
    if plant is insomniac:
        wake_up_again()

    def receive(redis: Redis, consumer: Consumer, **options: str) -> Iterator[Item]:
        yield from plant(redis, consumer, module.receive, **options)

    more = getattr(module, "add_arguments", no_arguments)
    sys.exit(listen(PATTERNS[pattern], receive, module.__doc__, more))
