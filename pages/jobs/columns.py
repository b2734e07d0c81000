"""This module decides which two ways and which task are shown, and keeps them in the links."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from jobs.tasks import TASKS
from jobs.ways import WAYS

FIRST_TWO = ("inline", "list")
FIRST_TASK = next(iter(TASKS))


@dataclass(frozen=True)
class Shown:
    """What a page shows: the ways on the left and on the right, and the task to ask for."""

    left: str = FIRST_TWO[0]
    right: str = FIRST_TWO[1]
    task: str = FIRST_TASK

    @property
    def ways(self) -> tuple[str, str]:
        return self.left, self.right

    @property
    def sides(self) -> dict[str, str]:
        """The query for the ways alone."""
        return {} if self.ways == FIRST_TWO else {"left": self.left, "right": self.right}

    @property
    def query(self) -> dict[str, str]:
        """The query that leads back here; what is shown first needs none."""
        return self.sides | ({} if self.task == FIRST_TASK else {"task": self.task})

    def with_way(self, side: str, name: str) -> "Shown":
        """Return the same with another way on this side; the two may change places."""
        if name in self.ways and name != getattr(self, side):
            return replace(self, left=self.right, right=self.left)
        return replace(self, **{side: name})


def address_of(shown: Shown, side: str = "") -> str:
    """Return where this is shown, and on which side it is looked at."""
    query = f"?{urlencode(shown.query)}" if shown.query else ""
    return f"/jobs{query}{'#' * bool(side)}{side}"


def read_shown(asked: Mapping[str, str]) -> Shown:
    """Return what a query asks for; the first ways and the first task stand for unknown ones."""
    left, right = (asked.get(side, "") for side in ("left", "right"))
    left = left if left in WAYS else ""
    right = right if right in WAYS and right != left else ""
    left = left or next(name for name in FIRST_TWO if name != right)
    right = right or next(name for name in reversed(FIRST_TWO) if name != left)
    task = asked.get("task", "")
    return Shown(left, right, task if task in TASKS else FIRST_TASK)
