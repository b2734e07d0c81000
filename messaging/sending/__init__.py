"""The sending end: it numbers messages, sends them to Redis, and returns the answer."""
