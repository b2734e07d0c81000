"""What the list of the last messages is told, step by step, and what it then says."""

from typing import Any

# Hands each step (figures, moves, seconds that pass) to a column's list, and returns what it says.
SAID = """
  let now = 0;
  const fates = new m.Fates(given.declares, () => now);
  for (const step of given.steps) {
    now += (step.after ?? 0) * 1000;
    if (step.unknown) fates.hearUnknown(...step.unknown);
    else fates.hear(step.figures, step.moves, step.run);
  }
  return fates.last().map((one) => [one.body, fates.words(one)]);
"""
QUEUE = {"hears": "one"}
KEPT = {"hears": "one", "redelivers": ""}
CHANNEL = {"hears": "each"}
GROUPS = {"hears": "one_of_each_group", "redelivers": ""}


def figures(sent: int, received: int = 0, waiting: int = 0, **more: Any) -> dict[str, Any]:
    common = {"sent": sent, "received": received, "waiting": waiting, "newest": []}
    return {**common, "elsewhere": 0, "earlier": 0, "unknown": 0, **more}


def listener(name: str, state: str = "waiting", in_hand: list[str] | None = None) -> dict[str, Any]:
    return {"id": f"id-{name}", "name": name, "state": state, "in_hand": in_hand}


TWO: Any = {"listeners": [listener("a"), listener("b")]}
NONE: Any = {"listeners": []}


def step(
    told: dict[str, Any], sent: Any = (), taken: Any = (), after: float = 0, **more: Any
) -> dict[str, Any]:
    """Messages are called by their number; `sent` has how many each reached, None for a queue."""
    moves = {
        "sent": [[f"w-{n}", str(n), reached] for n, reached in sent],
        "taken": [[f"w-{n}", str(n), f"id-{by}"] for n, by in taken],
    }
    return {"figures": told, "moves": moves, "after": after, **more}
