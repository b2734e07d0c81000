"""The pages /compare and /compare/<scenario>/<pattern> show what the lab measured.

`results` reads a run's summary, `measures` names its figures and charts, `choosing` finds a pattern
for six answers, and `views` renders the pages.
"""
