"""Asks the demo to do what a button says; the journey of a command is told in controls/."""
