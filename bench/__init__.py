"""Measures what the live page costs and bears: ./scripts/bench page.

`page.main` runs each part: what reporting costs (`cost`), many viewers (`crowd`), a page under load
(`stream`), a click (`click`). Each starts its processes on a `stage.Stage`, sends by `load`, and
returns `bars.Bar`s: a figure, the limit it has to meet, and whether it does.
"""
