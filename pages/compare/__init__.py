"""The pages /compare and /compare/<scenario>/<pattern> show what the lab measured."""
