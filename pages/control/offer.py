"""Whether the page offers controls: only a demo's web, and only to this machine unless told."""

from controls.wire import SECRET
from messaging.settings import CONTROLS, IS_LOCAL

OFFERED = SECRET if IS_LOCAL or CONTROLS else ""  # the secret that the page has; «»: no controls
NO_DEMO = "No demo has started this web, so nothing can be asked for here; a terminal can do it."
NOT_LOCAL = "Other machines reach this web, so it asks the demo for nothing unless CONTROLS=1."
WHY_NOT = NOT_LOCAL if SECRET else NO_DEMO
