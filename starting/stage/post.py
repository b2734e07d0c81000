"""Brings commands from Redis to the main thread, and its answers and the stage back to Redis."""

import threading
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import NamedTuple

from redis import RedisError

from controls import wire
from controls.wire import Answer, Command, Stage
from messaging.connection import REPLY_WITHIN, connect
from starting.stage.admission import Admission
from starting.stage.later import wake_main_thread

WITHIN = 1.0  # second that one wait for a command lasts, and between two times the stage is shown
RETRY = 0.3  # second between two tries to reach Redis
TRIES = 10  # to hand an answer over
LEAVES_WITHIN = 3.0  # seconds


class Letter(NamedTuple):
    """What a command gets as an answer."""

    command: Command
    said: Answer


class Post:
    """Two threads with connections of their own; the main thread calls the methods.

    A thread that has something for the main thread wakes it with SIGCHLD, for which it waits.
    """

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self._stage = self._shown = Stage()
        self._asked: SimpleQueue[Command] = SimpleQueue()
        self._letters: SimpleQueue[Letter | None] = SimpleQueue()  # None: show the stage now
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=run, daemon=True) for run in (self._receive, self._send)
        ]
        for thread in self._threads:
            thread.start()

    def asked(self) -> Command | None:
        """Return the next command to carry out, if there is one."""
        with suppress(Empty):
            return self._asked.get_nowait()
        return None

    def answer(self, command: Command, said: Answer) -> None:
        self._letters.put(Letter(command, said))

    def show(self, stage: Stage) -> None:
        """Show this stage from now on, each second."""
        if stage != self._stage:
            self._stage = stage
            self._letters.put(None)

    def end(self) -> None:
        """Take no more commands."""
        self._over.set()
        self._letters.put(None)

    def close(self) -> None:
        """Wait for the end of both threads; nothing stays in Redis."""
        for thread in self._threads:
            thread.join(LEAVES_WITHIN)
        with suppress(RedisError), connect() as redis:
            wire.leave(redis, self.secret)

    def _receive(self) -> None:
        admission = Admission(self.secret)
        while not self._over.is_set():
            with suppress(RedisError), connect(WITHIN + REPLY_WITHIN) as redis:
                while not self._over.is_set():
                    if command := wire.next_command(redis, self.secret, WITHIN):
                        self._take(command, admission.refusal(command))
            self._over.wait(RETRY)

    def _take(self, command: Command, refusal: str) -> None:
        if refusal:
            self.answer(command, Answer(False, refusal))
            return
        self._asked.put(command)
        wake_main_thread()

    def _send(self) -> None:
        while not self._over.is_set():
            letter = None
            with suppress(Empty):
                letter = self._letters.get(timeout=WITHIN)
            tries = TRIES if letter else 1
            while tries and not self._over.is_set() and not self._is_sent(letter):
                tries -= 1
                self._over.wait(RETRY)

    def _is_sent(self, letter: Letter | None) -> bool:
        """Show the stage, then hand over the answer, so that whoever reads it finds it so."""
        with suppress(RedisError), connect() as redis:
            stage = self._stage
            wire.show(redis, self.secret, stage, is_new=stage is not self._shown)
            self._shown = stage
            if letter:
                wire.answer(redis, *letter)
            return True
        return False
