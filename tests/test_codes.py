"""A code is right once, for a while, within a few tries; Redis does not show it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from redis import Redis

from attack.secure import LOGIN, RULE
from jobs import codes
from jobs.codes import MOST_TRIES, VALID_FOR, Answer, Verdict, check, may_ask, new_code
from messaging.connection import as_bytes
from messaging.settings import KEY_PREFIX
from tests.parts import RedisServer
from tests.processes import eventually

PHONE, OTHER = "+491713920001", "+491713920002"
AT_ONCE = 10
T = TypeVar("T")


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def verdict(redis: Redis, code: str, phone: str = PHONE) -> Verdict:
    return check(redis, phone, code).verdict


@pytest.fixture
def at_once() -> Iterator[Callable[[Callable[[], T]], list[T]]]:
    """Calls a function in many threads, which begin together."""
    barrier = Barrier(AT_ONCE)
    with ThreadPoolExecutor(AT_ONCE) as pool:

        def call(function: Callable[[], T]) -> list[T]:
            def one() -> T:
                barrier.wait()
                return function()

            return [one.result() for one in [pool.submit(one) for _ in range(AT_ONCE)]]

        yield call


def test_the_right_code_is_right_once(redis: Redis) -> None:
    code = new_code(redis, PHONE)
    assert len(code) == 6
    assert code.isdigit()
    assert check(redis, PHONE, code) == Answer(Verdict.RIGHT, "The code is right.")
    assert (
        check(redis, PHONE, code).sentence == "The code was used already. Please ask for a new one."
    )
    assert verdict(redis, wrong(code)) is Verdict.USED


def test_codes_differ_and_begin_with_any_digit(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codes, "_hashed", lambda code, salt: b"")  # which takes long
    made = [new_code(redis, PHONE) for _ in range(60)]
    assert len(set(made)) > 50
    assert len({code[0] for code in made}) > 4


def test_a_code_is_that_of_one_number_and_the_last_one(redis: Redis) -> None:
    first, second = new_code(redis, PHONE), new_code(redis, PHONE)
    assert verdict(redis, second, OTHER) is Verdict.NEVER_ASKED
    assert verdict(redis, second) is Verdict.RIGHT
    if first != second:
        new_code(redis, PHONE)
        assert verdict(redis, first) is Verdict.WRONG


def test_wrong_codes_are_counted_and_then_the_right_one_is_too_late(redis: Redis) -> None:
    code = new_code(redis, PHONE)
    answers = [check(redis, PHONE, wrong(code)) for _ in range(MOST_TRIES)]
    assert [one.tries_left for one in answers] == [4, 3, 2, 1, 0]
    assert answers[0].sentence == "The code is wrong. 4 more tries are left."
    assert answers[3].sentence == "The code is wrong. One more try is left."
    assert {one.verdict for one in answers[:-1]} == {Verdict.WRONG}
    assert answers[-1].sentence == "5 wrong codes were given. Please ask for a new one."
    assert verdict(redis, code) is Verdict.TOO_MANY_TRIES
    assert verdict(redis, new_code(redis, PHONE)) is Verdict.RIGHT


def test_the_last_try_may_be_right(redis: Redis) -> None:
    code = new_code(redis, PHONE)
    for _ in range(MOST_TRIES - 1):
        assert verdict(redis, wrong(code)) is Verdict.WRONG
    assert verdict(redis, code) is Verdict.RIGHT


def test_an_expired_code_is_told_from_one_that_nobody_asked_for(redis: Redis) -> None:
    code = new_code(redis, PHONE, valid_for=0.05)
    eventually(lambda: not redis.keys("*:kept:*"), 5)
    assert verdict(redis, code) is Verdict.EXPIRED
    assert verdict(redis, code, OTHER) is Verdict.NEVER_ASKED


def test_redis_forgets_a_code_after_five_minutes_and_tries_do_not_prolong_it(redis: Redis) -> None:
    code = new_code(redis, PHONE)
    verdict(redis, wrong(code))
    (kept,) = redis.keys(f"{KEY_PREFIX}jobs:code:kept:*")
    assert VALID_FOR - 10 < redis.ttl(kept) <= VALID_FOR == 300
    assert redis.pexpire(kept, 1)
    eventually(lambda: not redis.exists(kept), 5)
    assert verdict(redis, code) is Verdict.EXPIRED
    (mark,) = redis.keys(f"{KEY_PREFIX}jobs:code:*")
    assert 0 < redis.ttl(mark) <= 3600
    redis.delete(mark)
    assert verdict(redis, code) is Verdict.NEVER_ASKED


def test_parallel_guesses_do_not_exceed_the_limit(
    redis: Redis, at_once: Callable[[Callable[[], Verdict]], list[Verdict]]
) -> None:
    code = new_code(redis, PHONE)
    said = at_once(lambda: verdict(redis, wrong(code)))
    assert said.count(Verdict.WRONG) == MOST_TRIES - 1
    assert said.count(Verdict.TOO_MANY_TRIES) == AT_ONCE - MOST_TRIES + 1
    assert verdict(redis, code) is Verdict.TOO_MANY_TRIES


def test_of_parallel_right_codes_one_wins(
    redis: Redis,
    at_once: Callable[[Callable[[], Verdict]], list[Verdict]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(codes, "MOST_TRIES", AT_ONCE)
    code = new_code(redis, PHONE)
    said = at_once(lambda: verdict(redis, code))
    assert said.count(Verdict.RIGHT) == 1
    assert said.count(Verdict.USED) == AT_ONCE - 1


def test_a_code_that_is_replaced_while_it_is_compared_is_not_right(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, hashed = new_code(redis, PHONE), codes._hashed

    def slowly(code: str, salt: bytes) -> bytes:
        monkeypatch.setattr(codes, "_hashed", hashed)
        new_code(redis, PHONE)
        return hashed(code, salt)

    monkeypatch.setattr(codes, "_hashed", slowly)
    assert verdict(redis, first) is Verdict.EXPIRED


def test_of_all_who_ask_within_a_minute_the_first_may(
    redis: Redis, at_once: Callable[[Callable[[], bool]], list[bool]]
) -> None:
    assert at_once(lambda: may_ask(redis, PHONE)).count(True) == 1
    assert may_ask(redis, OTHER)
    asked = redis.keys(f"{KEY_PREFIX}jobs:code:asked:*")
    assert all(50 < redis.ttl(key) <= 60 for key in asked)
    redis.delete(*asked)
    assert may_ask(redis, PHONE)


def test_redis_shows_neither_code_nor_number(redis: Redis) -> None:
    may_ask(redis, PHONE)
    code = new_code(redis, PHONE)
    held = b""
    for key in redis.keys("*"):
        is_hash = redis.type(key) == b"hash"
        values = redis.hgetall(key).values() if is_hash else [redis.get(key) or b""]
        held += b" ".join(map(as_bytes, [key, *values])) + b" "
    assert b"jobs:code:kept:" in held
    for secret in (code, PHONE, PHONE[1:], PHONE[-7:]):
        assert secret.encode() not in held
    salts = set()
    for _ in range(3):
        new_code(redis, PHONE)
        salts.add(redis.hget(redis.keys("*kept*")[0], "salt"))
    assert len(salts) == 3


def test_the_user_of_the_readme_may_do_all_of_it(own_server: RedisServer) -> None:
    with Redis.from_url(own_server.url) as own:
        own.execute_command(*RULE.split())
    with Redis.from_url(own_server.url.replace("//", f"//{LOGIN}@")) as redis:
        assert may_ask(redis, PHONE)
        assert verdict(redis, new_code(redis, PHONE)) is Verdict.RIGHT
