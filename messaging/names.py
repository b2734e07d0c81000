"""Every key and channel, once."""

QUEUE = "task:prodcons:queue"
CHANNEL = "task:pubsub:channel"

RELIABLE = "task:reliable:queue"
TAKEN = "task:reliable:taken"  # list: what a listener has in hand; the listener's name is added
HOLDERS = "task:reliable:holders"  # set: the listeners that may have something in hand
PRESENT = "task:reliable:present"  # string that expires, for each of them
FAILURES = "task:reliable:failures"  # hash: how often a message was left by a listener that died
RELIABLE_DEAD = "task:reliable:dead"  # list: those that were left too often

STREAM = "task:stream:stream"
STREAM_DEAD = "task:stream:dead"  # list, as above
GROUP = "listeners"  # who shares a stream, unless told otherwise

REPORTS = "task:live:reports"  # channel; the database's number is added, which Pub/Sub ignores
RECORDS = "task:live:records"  # hash: the last report of each process
RESET = "task:live:reset"  # string: names the time when the figures were last zeroed
ZEROS = "task:live:zeros"  # hash, with that name added: the last report of each process before it
