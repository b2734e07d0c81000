"""The receiving end: the contract of `receive`, the loop that runs it, and its observers."""
