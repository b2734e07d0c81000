"""Measures what the live page costs and bears: ./scripts/bench page.

`page.main` runs each part: `cost`, `crowd`, `stream` and `click`. Each starts its processes on a
`stage.Stage`, sends by `load`, and returns `bars.Bar`s, each of which has a figure and its limit.
"""
