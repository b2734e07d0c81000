"""All scenarios. Each is a function; the first paragraph of its docstring is its question."""

from lab.scenarios.coming import late, nobody, steady
from lab.scenarios.crashes import deploy, frozen, killed, poison
from lab.scenarios.load import burst, order_one, order_three, slow, stuck
from lab.scenarios.network import cut, half_open, lost_ack, lost_pop, lost_push
from lab.scenarios.restarts import restart_always, restart_everysec, restart_none
from lab.scenarios.scenario import Scenario
from patterns.declaration.pattern import Pattern


def keeps(pattern: Pattern) -> bool:
    return pattern.keeps


def is_pushed(pattern: Pattern) -> bool:
    """Whether Redis pushes messages to listeners, which then can be too slow for it."""
    return not pattern.keeps


def redelivers(pattern: Pattern) -> bool:
    return pattern.redelivers


ALL = (
    Scenario(steady, "1", "Steady", alone=True),
    Scenario(nobody, "2", "Nobody there"),
    Scenario(late, "3", "Late"),
    Scenario(killed, "4", "Killed"),
    Scenario(deploy, "5", "Deploy"),
    Scenario(slow, "6", "Slow", alone=True, budget=70),
    Scenario(stuck, "6", "Stuck", fits=is_pushed, harmless=False),
    Scenario(frozen, "7", "Frozen"),
    Scenario(restart_none, "8", "Redis restarted, nothing kept", harmless=False),
    Scenario(
        restart_everysec, "8", "Redis restarted, AOF everysec", is_quick=False, harmless=False
    ),
    Scenario(restart_always, "8", "Redis restarted, AOF always", harmless=False),
    Scenario(cut, "9", "Connections cut", client_matters=True),
    Scenario(lost_push, "10", "Lost reply to a push", client_matters=True, harmless=False),
    Scenario(lost_pop, "10", "Lost reply to a pop", client_matters=True, harmless=False),
    Scenario(
        lost_ack,
        "10",
        "Lost reply to an acknowledgement",
        fits=redelivers,
        client_matters=True,
        harmless=False,
    ),
    Scenario(half_open, "11", "Half open", client_matters=True, harmless=False, budget=70),
    Scenario(order_one, "12", "Order, one listener", fits=keeps),
    Scenario(order_three, "12", "Order, three listeners", fits=keeps, is_quick=False),
    Scenario(burst, "13", "Burst", alone=True, budget=130),
    Scenario(poison, "14", "Poison", harmless=False, any_listener=False),
)
SCENARIOS = {one.name: one for one in ALL}
