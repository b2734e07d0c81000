"""All scenarios, in the order of their numbers: each is a row of parts and a question."""

from lab.scenario import Scenario
from lab.scenarios import crashes, everyday, network, servers

MODULES = (everyday, crashes, servers, network)
ALL = [one for module in MODULES for one in vars(module).values() if isinstance(one, Scenario)]
SCENARIOS = {one.name: one for one in sorted(ALL, key=lambda one: int(one.number))}
