"""What a run is to do: its scenario, its pattern, and the settings of the command line."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """What a run is to do, as the command line says."""

    seed: int = 1
    quick: bool = False
    client: str = "ours"  # or plain
    listener: str = ""  # the command of a consumer to measure instead of ours
    order: str = ""  # in which that consumer takes a backlog; empty: as the pattern's listeners do
    url: str = ""  # of a Redis that others use; empty: each run starts its own
    server: str = ""  # the path of the program that each run starts; empty: one that is found
    through_web: bool = False  # send over HTTP
    rate: float = 0.0  # messages/s in the scenario steady; 0: its default
    kills: int = 0  # how many listeners the scenario killed kills; 0: its default
    kill_child: bool = False  # it kills one process that a consumer has started, not all of it


@dataclass(frozen=True)
class Job:
    """One run of one scenario over one pattern with one client."""

    scenario: str
    pattern: str
    settings: Settings = Settings()
    number: int = 1  # of the repetition

    @property
    def name(self) -> str:
        return f"{self.scenario}-{self.pattern}-{self.settings.client}-{self.number}"


class FailedRunError(Exception):
    """The run has no history that could be judged; the message says why."""
