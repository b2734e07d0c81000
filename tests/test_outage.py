"""What a listener says when Redis is away, refuses, and is back: each once, and truly."""

import socket

import pytest
from redis.exceptions import ConnectionError as ConnectionLostError
from redis.exceptions import ResponseError
from redis.exceptions import TimeoutError as RedisSilentError

from messaging.connection import waiting_helps
from messaging.receiving.outage import RETRY_INTERVAL, Outage

CUT = ConnectionLostError("Connection closed by server.")
REFUSAL = ResponseError("NOREPLICAS Not enough good replicas to write.")


class Told:
    """An outage, and what it has said: the first word of each line."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.outage = Outage("a place", self.lines.append)
        self.pause = -1.0  # seconds until the next try

    def tries(self, error: Exception | None = None, is_ready: bool = True) -> None:
        """A try that gets ready, or does not, and then fails, or does not."""
        if is_ready:
            self.outage.ready(0)
        if error:
            self.pause = self.outage.failed(error)  # type: ignore[arg-type]

    @property
    def said(self) -> list[str]:
        return [line.split()[0] for line in self.lines]


@pytest.fixture
def told() -> Told:
    return Told()


def test_a_listener_that_is_refused_at_first_contact_says_when_it_listens(told: Told) -> None:
    for _ in range(3):
        told.tries(REFUSAL, is_ready=False)
    assert told.said == ["Redis"]
    assert not told.outage.was_ever_ready
    told.tries()
    assert told.said == ["Redis", "Listening"]
    assert told.outage.was_ever_ready  # so that it prints a summary in the end


def test_a_name_that_was_found_once_may_be_looked_up_again(told: Told) -> None:
    """Also where Redis refused at first: that name had been found."""
    lost = ConnectionLostError("Name or service not known")
    lost.__context__ = socket.gaierror()
    told.tries(REFUSAL, is_ready=False)
    assert not waiting_helps(lost, told.outage.was_ever_ready)
    told.tries()
    assert waiting_helps(lost, told.outage.was_ever_ready)


def test_a_refusal_after_it_was_ready_is_said_once_until_a_message_comes(told: Told) -> None:
    told.tries(REFUSAL)
    for _ in range(3):
        told.tries(REFUSAL)
    assert told.said == ["Listening", "Redis"]
    told.outage.delivered()
    told.outage.failed(REFUSAL)
    assert told.said == ["Listening", "Redis", "Redis"]


@pytest.mark.parametrize("trouble", [CUT, RedisSilentError("Timeout reading from socket")])
@pytest.mark.parametrize("is_ready", [True, False])
def test_an_outage_after_a_refusal_is_said_though_no_message_came(
    is_ready: bool, trouble: Exception, told: Told
) -> None:
    """Nothing says on a quiet queue that the refusal is over; other trouble is news anyway."""
    told.tries(REFUSAL)
    told.tries(trouble, is_ready=is_ready)
    told.tries(trouble, is_ready=False)
    told.tries()
    assert told.said == ["Listening", "Redis", "Redis", "Reconnected"]


def test_a_cut_connection_is_tried_again_at_once_and_only_then_said(told: Told) -> None:
    told.tries(CUT)
    assert (told.said, told.pause) == (["Listening"], 0)
    told.tries(CUT, is_ready=False)
    assert (told.said, told.pause) == (["Listening", "Redis"], RETRY_INTERVAL)
    told.tries(CUT, is_ready=False)
    told.tries()
    assert told.said == ["Listening", "Redis", "Reconnected"]
    assert " after " in told.lines[-1]
