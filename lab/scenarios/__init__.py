"""All scenarios, in the order of the tables."""

from lab.scenarios.crashes import frozen, killed, poison
from lab.scenarios.load import burst, order_one, order_three, slow, stuck
from lab.scenarios.network import cut, half_open, lost_ack, lost_pop, lost_push
from lab.scenarios.presence import deploy, late, nobody, steady
from lab.scenarios.restarts import restart_always, restart_everysec, restart_none

ALL = (
    *(steady, nobody, late, killed, deploy, slow, stuck, frozen),
    *(restart_none, restart_everysec, restart_always),
    *(cut, lost_push, lost_pop, lost_ack, half_open),
    *(order_one, order_three, burst, poison),
)
SCENARIOS = {one.name: one for one in ALL}
