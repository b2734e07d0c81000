"""Every key and channel, once."""

import os

# Another beginning keeps two projects on one Redis apart; Pub/Sub knows no database.
PREFIX = os.environ.get("KEY_PREFIX") or "task:"

QUEUE = f"{PREFIX}prodcons:queue"
CHANNEL = f"{PREFIX}pubsub:channel"

RELIABLE = f"{PREFIX}reliable:queue"
TAKEN = f"{PREFIX}reliable:taken"  # list: what a listener has in hand; the listener's name is added
HOLDERS = f"{PREFIX}reliable:holders"  # set: the listeners that may have something in hand
PRESENT = f"{PREFIX}reliable:present"  # string that expires, for each of them
FAILURES = (
    f"{PREFIX}reliable:failures"  # hash: how often a message was left by a listener that died
)
RELIABLE_DEAD = f"{PREFIX}reliable:dead"  # list: those that were left too often

STREAM = f"{PREFIX}stream:stream"
STREAM_DEAD = f"{PREFIX}stream:dead"  # list, as above
GROUP = "listeners"  # who shares a stream, unless told otherwise

REPORTS = f"{PREFIX}live:reports"  # channel; the database's number is added, which Pub/Sub ignores
RECORDS = f"{PREFIX}live:records"  # hash: the last report of each process
RESET = f"{PREFIX}live:reset"  # string: names the time when the figures were last zeroed
ZEROS = (
    f"{PREFIX}live:zeros"  # hash, with that name added: the last report of each process before it
)
