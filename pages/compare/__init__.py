"""The pages of what the lab measured: /compare, and /compare/<scenario>/<pattern>.

`results` reads a run's summary, `measures` names its figures and charts, `choosing` leads from six
answers to a pattern, `views` shows them.
"""
