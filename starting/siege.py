"""Sieges a link, and shows siege's figures beside what the listeners received."""

import shutil
import sys
import tempfile
from pathlib import Path

from redis import Redis, RedisError

from messaging import connection
from messaging.names import CHANNEL, QUEUE
from pages.settings import PORT
from starting.children import Children, StopAskedError
from starting.demo import web_answers, web_url

COMMANDS = {"prodcons": "lpush", "pubsub": "publish"}  # that the links send
USAGE = "./scripts/siege prodcons|pubsub [siege's options, -c10 -r5 unless told otherwise]"
READY_WITHIN = 10  # seconds for listeners to start
RECEIVED_WITHIN = 5  # seconds after siege's end


def main(arguments: list[str]) -> int:
    """Siege, count, report; returns the exit code."""
    if not arguments or arguments[0] not in COMMANDS:
        print(f"How to use it: {USAGE}", file=sys.stderr)
        return 0 if arguments[:1] in (["-h"], ["--help"]) else 2
    if not shutil.which("siege"):
        print("siege is not installed: apt install siege, or brew install siege.", file=sys.stderr)
        return 1
    if not web_answers():
        print(f"No web answers at port {PORT}: start ./scripts/demo first.", file=sys.stderr)
        return 1
    children = Children(tell=lambda _: None)
    with tempfile.TemporaryDirectory(prefix="queue-or-channel-") as folder:
        try:
            return besiege(arguments[0], with_limits(arguments[1:]), children, Path(folder))
        except StopAskedError:
            return 130
        except RedisError as error:
            print(connection.explain(error), file=sys.stderr)
            return 1
        finally:
            children.stop(*children.running())


def with_limits(options: list[str]) -> list[str]:
    """Siege's options, with an end and a number of users where the caller named none."""
    has_users = any(option.startswith(("-c", "--concurrent")) for option in options)
    has_end = any(option.startswith(("-r", "--reps", "-t", "--time")) for option in options)
    return [*([] if has_users else ["-c10"]), *([] if has_end else ["-r5"]), *options]


def besiege(pattern: str, options: list[str], children: Children, folder: Path) -> int:
    """Run siege with enough listeners to count by, and print who received what."""
    redis = connection.connect()
    is_queue = pattern == "prodcons"
    there = count_listeners(redis, pattern)
    ours = start_listeners(children, pattern, folder, there)
    sent_before, waited_before = count_sent(redis, pattern), redis.llen(QUEUE)
    children.start("siege", ["siege", *options, f"{web_url()}/{pattern}"])
    try:
        while "siege" in children.running():
            children.wait()
    except StopAskedError:
        children.stop("siege")  # and say what was until then

    sent = count_sent(redis, pattern) - sent_before
    due = sent * (1 if is_queue else len(ours))

    def all_received() -> bool:
        left = redis.llen(QUEUE) if is_queue else 0
        return left == 0 and (sum(map(count_messages, ours)) >= due or not ours)

    children.wait_until(all_received, RECEIVED_WITHIN)
    waiting = redis.llen(QUEUE)
    print(f"\nSent, as Redis counted:{sent:>18,}")
    for output in ours:
        print(f"Received by {output.stem:<14}{count_messages(output):>16,}")
    if is_queue and there:
        taken = waited_before + sent - waiting
        print(f"Taken by the {there} listeners that were there already: {taken:,}")
    elif there:
        print(f"What the {there} that were there already received, they say in their terminals.")
    if is_queue:
        print(f"Waiting before, in the queue:{waited_before:>13,}")
        print(f"Still waiting there:{waiting:>22,}")
    if not sent:
        print("Siege sent nothing: its own lines say why.", file=sys.stderr)
    return 0 if sent else 1


def start_listeners(children: Children, pattern: str, folder: Path, there: int) -> list[Path]:
    """Start listeners of our own, and return the files that they print to, a line a message.

    Where others listen already we add none to a queue, for it would take their messages, and one
    to a channel, which hears what they hear.
    """
    names = [f"siege-{n}" for n in (1, 2)]
    if there:
        names = [] if pattern == "prodcons" else ["siege-witness"]
    for name in names:
        command = [sys.executable, f"listeners/{pattern}.py", "--json", "--name", name]
        with (folder / f"{name}.jsonl").open("wb") as out, (folder / name).open("wb") as notes:
            children.start(name, command, out, notes)

    def all_listen() -> bool:
        return all("Listening" in (folder / name).read_text() for name in names)

    children.wait_until(all_listen, READY_WITHIN)
    return [folder / f"{name}.jsonl" for name in names]


def count_messages(output: Path) -> int:
    """How many messages a listener printed; other lines tell what was missed or malformed."""
    return sum(line.startswith(b'{"id": ') for line in output.read_bytes().splitlines())


def count_listeners(redis: Redis, pattern: str) -> int:
    """How many subscribe to the channel, or were last seen taking from a list of this database."""
    if pattern == "pubsub":
        return int(redis.pubsub_numsub(CHANNEL)[0][1])
    database = str(redis.get_connection_kwargs().get("db", 0))
    clients = redis.client_list()
    return sum(c["cmd"] in ("blpop", "brpop") and c["db"] == database for c in clients)


def count_sent(redis: Redis, pattern: str) -> int:
    """How many LPUSH or PUBLISH Redis has served since its start."""
    return int(redis.info("commandstats").get(f"cmdstat_{COMMANDS[pattern]}", {}).get("calls", 0))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
