"""Every key and channel, once."""

QUEUE = "task:prodcons:queue"
CHANNEL = "task:pubsub:channel"
