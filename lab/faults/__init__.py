"""What can be done to a run. Each fault says how it begins, what proves that it happened, and how
it ends; it can be combined with any load.
"""
