"""The judge: a history in, a verdict out. It reads nothing else, and starts nothing.

`fates` says what became of each message, `hands` who held which one when a fault struck, `excuses`
which losses and repeats the promise allows. `evidence` says why a run has measured nothing, and
each function of `guarantees` is one thing that is checked. `verdict` puts them together.
"""
