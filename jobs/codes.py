"""Codes that prove that somebody reads what is sent to a phone number.

Redis keeps three keys for each number: the code itself while it is valid, a mark of what became of
it, which tells «expired» and «used» from «never asked», and one that says that it was just asked.
"""

import hashlib
import hmac
import math
import secrets
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from redis import Redis

from jobs.kinds import Matching
from messaging.connection import as_bytes
from messaging.settings import KEY_PREFIX

VALID_FOR = 5 * 60  # seconds
MOST_TRIES = 5
ASK_AGAIN_AFTER = 60  # seconds
MARKED_FOR = 60 * 60  # seconds
LUA = Path(__file__).parent / "lua"
NEW, TRY, USE = ((LUA / f"code_{name}.lua").read_text() for name in ("new", "try", "use"))
CODE = Matching("[0-9]{6}", 6, "six digits")


class Verdict(Enum):
    """What a code that was given is; the value is the HTTP status."""

    RIGHT = 200
    WRONG = 403
    NEVER_ASKED = 404
    USED = 409
    EXPIRED = 410
    TOO_MANY_TRIES = 429


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of a code; `tries_left` counts those that a wrong one leaves."""

    verdict: Verdict
    sentence: str
    tries_left: int = 0

    @property
    def status(self) -> int:
        return self.verdict.value


RIGHT = Answer(Verdict.RIGHT, "The code is right.")
TOO_MANY_TRIES = Answer(
    Verdict.TOO_MANY_TRIES, f"{MOST_TRIES} wrong codes were given. Please ask for a new one."
)
# By the mark, for a number without a valid code.
WITHOUT_CODE = {
    b"": Answer(Verdict.NEVER_ASKED, "No code was sent to this number."),
    b"sent": Answer(Verdict.EXPIRED, "The code has expired. Please ask for a new one."),
    b"used": Answer(Verdict.USED, "The code was used already. Please ask for a new one."),
}


def may_ask(redis: Redis, phone: str) -> bool:
    """Return whether a code may be sent now; of all who ask within a minute, the first may."""
    return bool(redis.set(_key("asked", phone), 1, nx=True, ex=ASK_AGAIN_AFTER))


def seconds_to_wait(redis: Redis, phone: str) -> int:
    """Return after how many seconds one may ask again."""
    return max(1, math.ceil(redis.pttl(_key("asked", phone)) / 1000))


def take_back(redis: Redis, phone: str) -> None:
    """Let one ask again at once, because no code was sent."""
    redis.delete(_key("asked", phone))


def new_code(redis: Redis, phone: str, valid_for: float = VALID_FOR) -> str:
    """Return a new code of six digits, which replaces the former one of this number.

    `valid_for` is in seconds.
    """
    code, salt = f"{secrets.randbelow(1_000_000):06}", secrets.token_bytes(16)
    milliseconds = max(1, round(valid_for * 1000))
    redis.eval(NEW, 2, *_keys(phone), salt, _hashed(code, salt), milliseconds, MARKED_FOR)
    return code


def check(redis: Redis, phone: str, code: str) -> Answer:
    """Count a try, compare the code, and use it up if it is right.

    The try is counted first, so that no number of parallel guesses exceeds the limit.
    """
    mark, salt, kept, tries = redis.eval(TRY, 2, *_keys(phone), MOST_TRIES)
    if not salt:
        return WITHOUT_CODE.get(as_bytes(mark), WITHOUT_CODE[b"sent"])
    if tries > MOST_TRIES:
        return TOO_MANY_TRIES
    if hmac.compare_digest(_hashed(code, salt), kept):
        mark = redis.eval(USE, 2, *_keys(phone), kept, MARKED_FOR)
        return WITHOUT_CODE.get(as_bytes(mark), WITHOUT_CODE[b"sent"]) if mark else RIGHT
    if tries == MOST_TRIES:
        return TOO_MANY_TRIES
    left = MOST_TRIES - tries
    again = f"{left} more tries are" if left > 1 else "One more try is"
    return Answer(Verdict.WRONG, f"The code is wrong. {again} left.", left)


def _keys(phone: str) -> tuple[str, str]:
    return _key("kept", phone), _key("mark", phone)


def _key(kind: str, phone: str) -> str:
    """Return a key that does not show the number, although all numbers can be tried out."""
    return f"{KEY_PREFIX}jobs:code:{kind}:{hashlib.sha256(phone.encode()).hexdigest()[:32]}"


def _hashed(code: str, salt: bytes) -> bytes:
    """Hash a code slowly: whoever reads Redis could try a million codes of a fast hash in a second.

    With this one it takes a processor hours, and the code is valid for minutes.
    """
    return hashlib.scrypt(code.encode(), salt=salt, n=2**13, r=8, p=1, dklen=32)
