"""What is done to each pattern: a scenario is a function, and its docstring is its question."""

from lab.scenarios import coming, crashes, load, network, restarts, silence
from lab.scenarios.scenario import Scenario

SCENARIOS: dict[str, Scenario] = {
    one.name: one
    for module in (coming, crashes, load, network, restarts, silence)
    for one in module.SCENARIOS
}
ORDER = (
    *("steady", "nobody", "late", "killed", "deploy", "slow", "stuck", "frozen"),
    *("restart-none", "restart-everysec", "restart-always", "cut"),
    *("lost-push", "lost-pop", "lost-ack", "half-open"),
    *("order-one", "order-three", "burst", "poison"),
)
SCENARIOS = {name: SCENARIOS[name] for name in ORDER}
