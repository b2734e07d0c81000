"""What the environment tells both ends."""

import os

REDIS_URL = os.environ.get("REDIS_URL") or "redis://localhost:6379/5"
# Another prefix keeps two projects on one Redis apart: Pub/Sub knows no databases.
KEY_PREFIX = os.environ.get("KEY_PREFIX") or "task:"
LIVE = os.environ.get("LIVE") != "0"  # whether this process reports what it counts
NO_COLOR = bool(os.environ.get("NO_COLOR"))
