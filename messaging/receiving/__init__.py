"""The receiving end: the contract of a pattern's `receive`, and the loop that runs it."""
