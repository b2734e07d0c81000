"""Every key and channel, once."""

QUEUE = "task:prodcons:queue"
CHANNEL = "task:pubsub:channel"

REPORTS = "task:live:reports"  # channel; the database's number is added, which Pub/Sub ignores
RECORDS = "task:live:records"  # hash: the last report of each process
RESET = "task:live:reset"  # string: names the time when the figures were last zeroed
ZEROS = "task:live:zeros"  # hash, with that name added: the last report of each process before it
