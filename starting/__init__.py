"""Starts the parts of the project as processes, for people, the lab, the bench and the tests.

`process.spawn` starts a process that ends when we end. `process.Process` adds files for its output,
which `output.Output` reads; `parts.RedisServer` and `parts.Web` are such processes.
`children.Children` are the processes of a terminal, which `demo` and `siege` start.
`stage` is what the demo does to its own processes when its page asks for it.
`proxy.Proxy` stands between clients and Redis, and `browser.Tab` is a page in Chromium.
`disk.PowerCutDisk` is a folder for Redis that loses at a power cut what was not synced.
"""
