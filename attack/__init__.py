"""Attacks the project on servers of its own: ./scripts/attack says what was tried and what came."""
