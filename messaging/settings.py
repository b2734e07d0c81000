"""The environment variables that both ends read."""

import os

REDIS_URL = os.environ.get("REDIS_URL") or "redis://localhost:6379/5"
# Pub/Sub ignores databases, so two projects on one Redis need different prefixes.
KEY_PREFIX = os.environ.get("KEY_PREFIX") or "task:"
LIVE = os.environ.get("LIVE") != "0"  # whether this process reports what it counts
NO_COLOR = bool(os.environ.get("NO_COLOR"))
