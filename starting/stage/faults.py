"""What the demo does to the line of one of its listeners, or of its web."""

from functools import partial

from redis import RedisError

from controls.verbs import KEPT_OUT_FOR
from messaging.connection import connect, explain
from pages.words import number
from patterns import PATTERNS
from starting.stage.cast import Cast
from starting.stage.line import Line
from starting.stage.lines import redis_cli
from starting.stage.own import Own, RefusedError

CUT_WITHIN = 3.0  # seconds until Redis has closed what it was told to
A_MESSAGE = b'"seq"'  # part of every reply that contains a message of ours
LOST = "The connection is cut that was to bring"
BY_PROXY = "A proxy of the demo does that; no command could."
NO_LINES = "The demo can do that only where REDIS_URL begins with redis://."


def cut(cast: Cast, one: Own) -> str:
    line = line_of(one)
    addresses = line.addresses()
    if not addresses:
        raise RefusedError(f"{one.name} has no connection that could be cut.")
    try:
        with connect() as redis:
            for address in addresses:
                redis.client_kill_filter(addr=address)
    except RedisError as error:
        raise RefusedError(explain(error)) from error
    if not cast.until(lambda: not {*addresses} & {*line.addresses()}, CUT_WITHIN):
        raise RefusedError(f"Redis was told to cut the connections of {one.name}, and did not.")
    typed = "; ".join(redis_cli(f"CLIENT KILL ADDR {address}") for address in addresses)
    return f"{number(len(addresses), 'connection')} of {one.name} cut: {typed}"


def keep_out(cast: Cast, one: Own) -> str:
    line, let_in = line_of(one), partial(cast.tell_later, f"{one.name} is let in again.")
    line.keep_out(KEPT_OUT_FOR + CUT_WITHIN, let_in)
    try:
        said = cut(cast, one)
    except RefusedError:
        line.heal()
        raise
    line.keep_out(KEPT_OUT_FOR, let_in)  # from now on, when it is seen to be cut
    return f"{said}. For {KEPT_OUT_FOR} seconds it is let in no more. {BY_PROXY}"


def line_dead(cast: Cast, one: Own) -> str:
    line = line_of(one)
    count = number(len(line.addresses()), "connection")
    line.go_silent()
    return (
        f"From now on nothing passes on the {count} of {one.name}, and nobody closes them: "
        f"it finds out when an answer does not come. {BY_PROXY}"
    )


def lose_pop(cast: Cast, one: Own) -> str:
    line, pattern = line_of(one), one.part.pattern
    asked = (one.part.take,) if pattern.keeps else ()  # what is heard is no reply to a command
    line.lose(asked, A_MESSAGE, lambda: cast.tell_later(f"{LOST} {one.name} a message."))
    return f"The next reply that brings {one.name} a message will be lost. {BY_PROXY}"


def lose_ack(cast: Cast, one: Own) -> str:
    line, pattern = line_of(one), one.part.pattern
    if not pattern.commands.acknowledge:
        raise RefusedError(f"{pattern.words.title} acknowledges nothing, so no reply can be lost.")
    command = pattern.commands.acknowledge[0]
    line.lose(
        (command,), b"", lambda: cast.tell_later(f"{LOST} {one.name} the answer to {command}.")
    )
    return f"The next reply to {command} of {one.name} will be lost. {BY_PROXY}"


def lose_send(cast: Cast, name: str) -> str:
    if not cast.web_line:
        raise RefusedError(NO_LINES)
    command, place = sent_by(name)
    then = partial(cast.tell_later, f"{LOST} the web the answer to {command} {place}.")
    cast.web_line.lose((command, place), b"", then)
    return f"The next reply to {command} {place} of the web will be lost. {BY_PROXY}"


def sent_by(pattern: str) -> tuple[str, str]:
    """Return what is in each request that sends by this pattern."""
    return PATTERNS[pattern].commands.send[0], PATTERNS[pattern].place.rstrip("*")


def heal(cast: Cast, pattern: str) -> None:
    """Set no fault any more on the lines of this pattern, and lose no reply to what it sends."""
    for one in cast.present(pattern):
        if one.line:
            one.line.heal()
    if cast.web_line:
        cast.web_line.lose_no_more(sent_by(pattern))


def line_of(one: Own) -> Line:
    """Return its line; raises RefusedError."""
    if not one.line:
        raise RefusedError(NO_LINES)
    return one.line
