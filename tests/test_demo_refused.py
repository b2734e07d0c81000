"""What a demo cannot start is told in a sentence, and nothing is left behind."""

import signal
from collections.abc import Callable

import pytest

from tests.parts import Demo, RedisServer
from tests.processes import eventually, marked


def test_a_port_in_use_is_a_sentence(demo: Callable[..., Demo], server: RedisServer) -> None:
    one = demo(REDIS_URL=server.url, PORT=str(server.port))
    sentence = f"Port {server.port} of 127.0.0.1 is in use: stop what uses it, or take another one"
    assert sentence in one.ended()
    assert one.popen.returncode == 1
    assert "Traceback" not in one.text


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("redis://no-such-host.invalid/5", "no such host"),
        ("redis://:wrong@127.0.0.1:{port}/5", "do not fit"),
        ("unix:///nowhere/redis.sock", "it is not for us to start it"),
        ("redis://:secret@127.0.0.1:1/5", "it is not for us to start it"),
    ],
)
def test_a_redis_that_cannot_be_had_is_a_sentence(
    url: str, sentence: str, demo: Callable[..., Demo], server: RedisServer
) -> None:
    one = demo(REDIS_URL=url.format(port=server.port))
    assert sentence in one.ended()
    assert one.popen.returncode == 1
    assert "Traceback" not in one.text


def test_a_setting_that_is_nonsense_is_a_sentence(demo: Callable[..., Demo]) -> None:
    for name, value in (("PORT", "x"), ("QUEUE_LIMIT", "0"), ("LOG_LEVEL", "loud")):
        one = demo(**{name: value})
        assert f"{name}='{value}' is " in one.ended()
        assert one.popen.returncode == 2
        assert "Traceback" not in one.text


def test_a_redis_url_that_is_none_is_a_sentence(demo: Callable[..., Demo]) -> None:
    one = demo(REDIS_URL="nonsense")
    assert "REDIS_URL begins with" in one.ended()
    assert one.popen.returncode == 2
    assert "Traceback" not in one.text


def test_of_two_demos_at_the_same_moment_one_says_that_the_port_is_taken(
    demo: Callable[..., Demo],
) -> None:
    first = demo()
    second = demo(PORT=str(first.port))
    eventually(lambda: first.has_ended() or second.has_ended())
    loser, winner = (first, second) if first.has_ended() else (second, first)
    assert "The web did not start" in loser.text or f"Port {first.port} of" in loser.text
    assert "Open http" not in loser.text
    assert loser.popen.returncode == 1
    assert marked(loser.mark) == []
    winner.says(f"Open http://127.0.0.1:{first.port} and click.")
    winner.stop(signal.SIGINT)
