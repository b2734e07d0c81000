"""Carries out what a command asks for, and says in a sentence what was seen of it."""

import secrets
import time
from collections.abc import Callable
from typing import assert_never

from controls.verbs import VERBS, Target
from controls.wire import ANSWERED_WITHIN, Answer, Command, Stage
from starting.children import Children
from starting.own_redis import WHERE, OwnRedis
from starting.stage import casting, faults, signals
from starting.stage.cast import Cast
from starting.stage.own import RefusedError
from starting.stage.poison import poison
from starting.stage.post import Post
from starting.stage.waking import Waking

# What each verb does; it returns a sentence, or raises RefusedError.
TO_LISTENER: dict[str, Callable[..., str]] = {
    "freeze": signals.freeze,
    "go_on": signals.go_on,
    "slow": signals.slow,
    "oldest_first": signals.oldest_first,
    "newest_first": signals.newest_first,
    "stop": signals.stop,
    "kill": signals.kill,
    "cut": faults.cut,
    "keep_out": faults.keep_out,
    "line_dead": faults.line_dead,
    "lose_pop": faults.lose_pop,
    "lose_ack": faults.lose_ack,
}
TO_PATTERN: dict[str, Callable[..., str]] = {
    "start": casting.start,
    "stage": casting.stage,
    "lose_send": faults.lose_send,
    "poison": poison,
}


class Acts:
    """The demo's own listeners, and the commands about them; the main thread calls it."""

    def __init__(self, children: Children, redis: OwnRedis, tell: Callable[[str], None]) -> None:
        self.cast = Cast(children, tell, self.show)
        self._redis, self._tell = redis, tell
        self._waking = Waking()
        self._post: Post | None = None  # without a web nobody asks

    def open(self) -> dict[str, str]:
        """Take commands from now on; return what the web needs in its environment to give them."""
        self._post = Post(secrets.token_hex(16))
        self.show()
        return {"CONTROL_SECRET": self._post.secret, **self.cast.open_lines()}

    def end(self) -> None:
        """Take no more commands, and let the listeners go on that are frozen, so that they end."""
        if self._post:
            self._post.end()
        for one in self.cast.present():
            one.thaw()

    def close(self) -> None:
        """Leave nothing in Redis."""
        self._waking.close()
        self.cast.close()
        if self._post:
            self._post.close()

    def show(self) -> None:
        """Show the page which processes there are."""
        if self._post:
            listeners = {one.name: one.on_stage() for one in self.cast.present()}
            self._waking.note(one.pid for one in listeners.values() if one.is_frozen)
            self._post.show(Stage(listeners, self._redis.pid, self.cast.has_lines))

    def carry_out_all(self) -> None:
        """Carry out what was asked for until now, one after the other."""
        while step := self.cast.later.next():
            try:
                step()
            except RefusedError as error:
                self._tell(str(error))
        while self._post and (command := self._post.asked()):
            try:
                if time.time() - command.at > ANSWERED_WITHIN:
                    raise RefusedError("It waited too long behind what was asked for before.")
                said = Answer(True, self._carry_out(command))
            except RefusedError as error:
                said = Answer(False, str(error))
            self._tell(said.said)
            self.show()
            self._post.answer(command, said)
        self.show()

    def _carry_out(self, command: Command) -> str:
        verb, options = command.verb, command.options
        match VERBS[verb].target:
            case Target.LISTENER:
                return TO_LISTENER[verb](self.cast, self.cast.named(command.target), **options)
            case Target.PATTERN:
                return TO_PATTERN[verb](self.cast, command.target, **options)
            case Target.ALL:
                return restart(self._redis)
            case never:
                assert_never(never)


def restart(redis: OwnRedis) -> str:
    if not (pid := redis.kill()):
        raise RefusedError(f"The Redis at {WHERE} is not of this demo, which leaves it alone.")
    return (
        f"SIGKILL sent to Redis: kill -9 {pid}. It keeps nothing on disk, so what waited is gone. "
        f"It runs again as process {redis.pid}."
    )
