"""The hub of a web process draws what is watched, whenever something happened, for all viewers."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from flask import Flask, current_app
from redis import Redis, RedisError

from jobs.notes import EVENTS
from messaging.connection import as_bytes, connect, explain
from pages.jobs.drawing import MAILING, Parts, draw_columns, draw_piece
from pages.live.feed import COME_BACK, encode

log = logging.getLogger("web")

FASTEST, IDLE = 0.2, 1.0  # seconds between two looks: when something happened, and when not
LOOK_APART = 4  # looks that take long are so many times as far apart
HEARS_WITHIN = 0.1  # second in which it notices that somebody came, or its process is to end
BEAT = 1.0  # second after which a stream says that it is still there
RETRY = 0.5  # second between two tries to reach Redis
BEATING = encode("change", {})

Key = tuple[str, ...]  # the two ways of a page and its task, or the id of a piece


@dataclass
class Watched:
    """A page that somebody watches; `number` counts what was told of it."""

    viewers: int = 0
    number: int = 0
    chunk: bytes = b""
    told: Mapping[str, object] = field(default_factory=dict)


class Hub:
    """One thread listens and draws while anybody watches; each viewer waits in its own `watch`.

    `_condition` guards all attributes, and is notified when there is something new.
    """

    def __init__(self, is_over: Callable[[], bool]) -> None:
        self._is_over = is_over
        self._condition = threading.Condition()
        self._watched: dict[Key, Watched] = {}
        self._is_running = self._is_new = False

    def watch(self, key: Key) -> Iterator[bytes]:
        """Return the events of a page: a `snapshot` of its parts at each change, and beats."""
        return self._events(key, current_app._get_current_object())  # type: ignore[attr-defined]

    def _events(self, key: Key, app: Flask) -> Iterator[bytes]:
        with self._condition:
            watched = self._watched.setdefault(key, Watched())
            watched.viewers += 1
            self._is_new = True  # a viewer does not wait for the next look
            if not self._is_running:
                self._is_running = True
                threading.Thread(target=self._run, args=(app,), daemon=True).start()
        try:
            yield b"retry: %d\n\n" % COME_BACK
            seen = 0
            while not self._is_over():
                before = seen
                seen, chunk = self._wait(watched, seen)
                yield chunk if seen > before else BEATING
        finally:
            with self._condition:
                watched.viewers -= 1
                if not watched.viewers and self._watched.get(key) is watched:
                    del self._watched[key]

    def _wait(self, watched: Watched, seen: int) -> tuple[int, bytes]:
        """Wait for news, but no longer than a beat; return the number and what was told last."""
        with self._condition:
            self._condition.wait_for(lambda: watched.number > seen or self._is_over(), BEAT)
            return watched.number, watched.chunk

    def _run(self, app: Flask) -> None:
        with app.app_context():  # which templates need
            while self._goes_on():
                try:
                    self._listen()
                except RedisError as error:
                    self._lose(explain(error))
                except Exception:
                    log.exception("a page of work could not be drawn")
                    self._lose("The live page failed; the log of the web says why.")
        with self._condition:
            self._condition.notify_all()  # so that all streams end

    def _goes_on(self) -> bool:
        """Return whether anybody watches; if not, the thread ends, and `watch` starts another."""
        with self._condition:
            self._is_running = bool(self._watched) and not self._is_over()
            return self._is_running

    def _listen(self) -> None:
        """Look once a second, and soon after something happened or somebody came."""
        with connect(connections=1) as redis, connect(connections=1) as listening:
            inbox = listening.pubsub(ignore_subscribe_messages=True)
            inbox.subscribe(EVENTS)
            looked, apart = -IDLE, FASTEST
            told: set[str] = set()  # pieces to which something happened since the last look
            while not self._is_over():
                now = time.monotonic()
                is_due = now >= looked + max(IDLE, apart)
                if is_due or (now >= looked + apart and (told or self._is_new)):
                    is_for_all = is_due or self._is_new
                    self._is_new = False
                    if not self._look(redis, None if is_for_all else told):
                        return
                    looked, apart = now, max(FASTEST, LOOK_APART * (time.monotonic() - now))
                    told = set()
                if heard := inbox.get_message(timeout=HEARS_WITHIN):
                    told.add(as_bytes(heard["data"]).decode(errors="replace"))

    def _look(self, redis: Redis, told: set[str] | None) -> bool:
        """Draw what is watched, of single pieces only those told of; return whether anybody is."""
        with self._condition:
            keys = [*self._watched]
        for key in keys:
            if len(key) == 1 and told is not None and key[0] not in told:
                continue
            self._tell(key, _draw(redis, key), "")
        return bool(keys)

    def _lose(self, why: str) -> None:
        """Tell everybody that nothing is known for now, and wait a little."""
        with self._condition:
            keys = [*self._watched]
        for key in keys:
            self._tell(key, {}, why)
        time.sleep(RETRY)

    def _tell(self, key: Key, parts: Parts, why: str) -> None:
        with self._condition:
            watched = self._watched.get(key)
            told = {"why": why, "parts": parts}
            if not watched or watched.told == told:
                return
            watched.told, watched.number = told, watched.number + 1
            watched.chunk = encode("snapshot", told)
            self._condition.notify_all()


def _draw(redis: Redis, key: Key) -> Parts:
    if len(key) == 1:
        return draw_piece(redis, key[0])
    left, right, task = key
    return draw_columns(redis, (left, right), task == MAILING)
