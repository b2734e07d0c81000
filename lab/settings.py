"""How a run is made: what the command line said, for one scenario and pattern."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    seed: int = 1
    quick: bool = False
    client: str = "ours"  # or plain
    listener: str = ""  # the command of a consumer of the reader's own
    url: str = ""  # of a Redis that is not the lab's own
    through_web: bool = False  # sent over HTTP
    rate: float = 0.0  # messages/s of the scenario «steady»; 0: its own
    kills: int = 0  # of the scenario «killed»; 0: its own
