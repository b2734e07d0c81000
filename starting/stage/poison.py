"""A message that kills whoever is handed it, until its pattern has had enough of it."""

import threading
from collections import Counter
from contextlib import suppress
from functools import partial

from redis import RedisError

from messaging.connection import connect
from messaging.message import MalformedLineError, Message
from messaging.receiving.contract import TRIES
from pages.words import number
from patterns import PATTERNS
from patterns.declaration.store import lines
from starting.stage.cast import Cast
from starting.stage.faults import BY_PROXY, NO_LINES
from starting.stage.line import POISON
from starting.stage.lines import redis_cli
from starting.stage.own import Own, RefusedError

MOST_DEATHS = 5
ASIDE_WITHIN = 5.0  # seconds until a message that was handed over is a dead letter


class Poison:
    """Kills listeners of one pattern; the lock guards what the threads of their lines share."""

    def __init__(self, cast: Cast, pattern: str) -> None:
        self._cast, self._pattern = cast, PATTERNS[pattern]
        self._lock = threading.Lock()
        self._deaths: Counter[str] = Counter()  # by message
        self._dead: set[str] = set()  # names of those that died of it
        self._is_over = self._is_passing = False

    def watch(self, one: Own) -> None:
        """Kill this one as well when it is handed the poison."""
        if one.line and not self._is_over:
            one.line.poisoned = partial(self._kills, one)

    def end(self) -> None:
        """Kill nobody any more."""
        self._is_over = True
        self._cast.on_start.pop(self._pattern.name, None)
        for one in self._cast.present(self._pattern.name):
            if one.line:
                one.line.poisoned = None

    def _kills(self, one: Own, message: Message) -> bool:
        """Kill a listener before it gets the poison, or let it put that aside; by its line."""
        with self._lock:
            if self._is_over:
                return False
            if self._pattern.redelivers and self._deaths[message.id or ""] >= TRIES:
                if not self._is_passing:
                    self._is_passing = True
                    self._cast.later.add(self._see_it_aside)
                return False
            one.process.kill()
            self._deaths[message.id or ""] += 1
            self._dead.add(one.name)
            self._is_over = self._deaths.total() >= MOST_DEATHS
        self._cast.later.add(partial(self._follow, one))
        return True

    def _follow(self, one: Own) -> None:
        """Start a listener anew that was killed, and say so; the main thread does it."""
        self._cast.must_end(one)
        self._cast.tell(f"{one.name} was handed the poison: kill -9 {one.pid}. It starts anew.")
        present = {each.name for each in self._cast.present(self._pattern.name)}
        has_all = self._pattern.everyone_hears and present | {one.name} <= self._dead
        if has_all or self._is_over:
            self.end()
            self._cast.tell(f"{number(self._deaths.total(), 'death')} of the poison are enough.")
        self._cast.start(one.part)

    def _see_it_aside(self) -> None:
        """Say that the poison is a dead letter, when it is."""
        if self._cast.until(self._is_aside, ASIDE_WITHIN):
            key, deaths = self._pattern.dead_letters, number(self._deaths.total(), "death")
            self.end()
            typed = redis_cli(f"LRANGE {key} 0 -1")
            self._cast.tell(f"After {deaths} the poison was put aside: {typed}")

    def _is_aside(self) -> bool:
        with suppress(RedisError, MalformedLineError), connect() as redis:
            letters = lines(redis, self._pattern.dead_letters)
            return any(Message.decode(one).body == POISON for one in letters)
        return False


def poison(cast: Cast, pattern: str) -> str:
    """Kill whoever of this pattern is handed the poison from now on."""
    if not cast.has_lines:
        raise RefusedError(NO_LINES)
    one = Poison(cast, pattern)
    cast.on_start[pattern] = one.watch
    for each in cast.present(pattern):
        one.watch(each)
    until = "until it is put aside" if PATTERNS[pattern].redelivers else f"{MOST_DEATHS} at most"
    return (
        f"From now on kill -9 meets whoever of {PATTERNS[pattern].words.title} is handed a message "
        f"«{POISON}», before it gets it; the demo starts it anew, {until}. {BY_PROXY}"
    )


def forget(cast: Cast, pattern: str) -> None:
    """Kill nobody of this pattern any more."""
    Poison(cast, pattern).end()
