"""The tasks: plain functions, whose type hints say which arguments they take."""

import time
from collections.abc import Callable
from typing import Annotated, TypeVar

from jobs import codes, fetching, mail, sms
from jobs.kinds import Matching, OneOf, Text, Within
from jobs.outcome import Outcome, TaskError
from messaging.connection import connect

STEPS = 100_000  # of a round, which takes about 10 ms

TASKS: dict[str, Callable[..., Outcome]] = {}  # by name
Task = TypeVar("Task", bound=Callable[..., Outcome])

Subject = Annotated[str, Text(100)]
Lines = Annotated[str, Text(2_000, has_lines=True)]
User = Annotated[str, OneOf(tuple(mail.ADDRESSES))]
PHONE = Matching(r"\+[1-9][0-9]{6,14}", 16, "a + and 7 to 15 digits, as in +12025550123", "tel")
URL = Matching(
    "https?://[!-~]+", 2_000, "an address of ASCII characters that begins with http(s)://", "url"
)


def task(function: Task) -> Task:
    """Add a function to the tasks."""
    TASKS[function.__name__] = function
    return function


@task
def wait(seconds: Annotated[float, Within(0, 60)] = 2.0) -> str:
    """Wait without working, as for another server: others may go on meanwhile."""
    time.sleep(seconds)
    return f"Waited {seconds:g} s."


@task
def compute(rounds: Annotated[int, Within(1, 200)] = 100) -> str:
    """Work without waiting: 100 rounds keep a processor busy for about a second."""
    value = 0
    for _ in range(rounds):
        for step in range(STEPS):
            value = (value * 31 + step) % 1_000_003
    return f"Computed {rounds:,} rounds: {value:,}."


@task
def fail(reason: Annotated[str, Text(200)] = "It was told to fail.") -> str:
    """Fail at once, for the reason that is given."""
    raise TaskError(reason)


@task
def notice(
    user: User = "ada",
    subject: Subject = "Something happened",
    text: Lines = "Somebody clicked, and a worker wrote to you.",
) -> str:
    """Send an e-mail to a user out of the address book."""
    mail.send_notice(user, subject, text)
    return f"Sent «{subject}» to {mail.ADDRESSES[user]}."


@task
def sms_code(phone: Annotated[str, PHONE] = "+12025550123") -> str:
    """Send a code of six digits to a phone number, which is valid for five minutes."""
    with connect() as redis:
        code = codes.new_code(redis, phone)
    sms.send(phone, f"Your code is {code}. It is valid for 5 minutes.")
    return f"Sent a code to {phone}."


@task
def fetch(url: Annotated[str, URL] = "https://example.com/") -> Outcome:
    """Fetch a public web page, and tell its title, size and status."""
    return fetching.fetch(url).as_json()
