"""The pages of what the lab measured: /compare, and /compare/<scenario>/<pattern>.

`results` reads a run's summary, `measures` names its figures and charts, `routes` shows them.
"""

from pages.compare.routes import compare as compare
