"""The worker of the way «list»: it takes a piece of work, does it, notes the outcome.

python jobs/worker.py; start as many as you like, Ctrl-C ends one after the piece in its hand.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs from any directory

from redis import Redis, RedisError

from jobs.doing import do, received
from jobs.outcome import TaskError
from jobs.presence import Presence
from jobs.ways.list import QUEUE
from messaging.connection import BLOCK, as_bytes, connect, explain
from messaging.message import printable
from messaging.receiving.stopping import Stopping

AGAIN = 0.5  # second between two tries to reach Redis


def work_on(redis: Redis, name: str, line: bytes) -> str:
    """Do what a line asks for; return a sentence on what became of it."""
    try:
        work = received(json.loads(line))
        return f"{work.task} {work.id}: {do(redis, work, name)}"
    except TaskError as error:
        return f"failed: {error}"
    except (ValueError, RecursionError):
        return "failed: What came is no piece of work."


def main() -> int:
    """Work until a signal says stop."""
    stopping, presence = Stopping(), Presence("worker")
    stopping.set_by_signals()
    with connect(reply_within=BLOCK + 1.0) as redis:
        while not stopping.is_set():
            try:
                name = presence.name(redis)
                if popped := redis.brpop([QUEUE], BLOCK):
                    print(printable(work_on(redis, name, as_bytes(popped[1]))), flush=True)
            except RedisError as error:
                print(explain(error), file=sys.stderr, flush=True)
                stopping.wait(AGAIN)
    return 0


if __name__ == "__main__":
    sys.exit(main())
