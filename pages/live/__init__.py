"""The live page: reports of all processes, added up, told to whoever watches.

`hub` hears the reports, `ledger` adds them up, `figures` and `sentences` say what they mean, `told`
has the types of all that is told, `viewers` passes it on, and `live` has the views.
"""
