"""What a task comes to: an outcome that JSON can carry, or an error of one sentence."""

from typing import Any

Outcome = str | dict[str, Any]  # what a task returns


class TaskError(Exception):
    """A task cannot be done; the message is one sentence that says why."""
