"""What the demo does to one of its listeners by a signal, or by starting it anew."""

import signal
from dataclasses import replace

from patterns.declaration.pattern import Order
from starting.stage.cast import Cast
from starting.stage.own import Own, Part, RefusedError

SEEN_WITHIN = 3.0  # seconds until the system shows what a signal did


def freeze(cast: Cast, one: Own) -> str:
    if one.is_frozen():
        return f"{one.name} is frozen already."
    one.process.send_signal(signal.SIGSTOP)
    if not cast.until(one.is_frozen, SEEN_WITHIN):
        raise RefusedError(f"SIGSTOP was sent to {one.name}, which did not stop.")
    return f"SIGSTOP sent to {one.name}: kill -STOP {one.pid}. It holds what it has."


def go_on(cast: Cast, one: Own) -> str:
    if not one.is_frozen():
        return f"{one.name} is not frozen."
    one.thaw()
    if not cast.until(lambda: not one.is_frozen(), SEEN_WITHIN):
        raise RefusedError(f"SIGCONT was sent to {one.name}, which is still stopped.")
    return f"SIGCONT sent to {one.name}: kill -CONT {one.pid}."


def slow(cast: Cast, one: Own, ms: int) -> str:
    if one.part.ms == ms:
        return f"{one.name} works for {ms} ms on each message already."
    return start_anew(cast, one, replace(one.part, ms=ms))


def oldest_first(cast: Cast, one: Own) -> str:
    if one.part.pattern.order is Order.OLDEST_FIRST or one.part.is_oldest_first:
        return f"{one.name} takes the oldest first already."
    return start_anew(cast, one, replace(one.part, is_oldest_first=True))


def newest_first(cast: Cast, one: Own) -> str:
    if not one.part.pattern.commands.take_oldest:
        raise RefusedError(f"{one.part.pattern.words.title} has no listener that can do that.")
    if not one.part.is_oldest_first:
        return f"{one.name} takes the newest first already."
    return start_anew(cast, one, replace(one.part, is_oldest_first=False))


def stop(cast: Cast, one: Own) -> str:
    must_move(one)
    one.process.terminate()
    cast.must_end(one)
    return f"SIGTERM sent to {one.name}: kill {one.pid}. It has finished and ended."


def kill(cast: Cast, one: Own) -> str:
    one.process.kill()
    cast.must_end(one)
    return f"SIGKILL sent to {one.name}: kill -9 {one.pid}. It is gone, and holds nothing any more."


def start_anew(cast: Cast, one: Own, part: Part) -> str:
    """Stop a listener, and start it under the same name with other options."""
    must_move(one)
    one.process.terminate()
    cast.must_end(one)
    new = cast.start(part)
    cast.must_listen(new)
    return f"SIGTERM sent to {one.name}, and it started anew: kill {one.pid}; {part.typed()}"


def must_move(one: Own) -> None:
    """Raise RefusedError for a frozen listener, which could not end."""
    if one.is_frozen():
        raise RefusedError(
            f"{one.name} is frozen and cannot finish: let it go on first, or kill it."
        )
