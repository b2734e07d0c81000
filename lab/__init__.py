"""Experiments: real listeners, real faults, exact counts."""
