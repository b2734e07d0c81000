"""Starts the parts of the project as processes, for people, the lab, the bench and the tests.

`process` starts one that ends when we do and lets its `output` be read; `parts` are the web and the
listeners, `redis_server` is Redis, `proxy` stands before it, `browser` opens the page. `children`
are the processes of a terminal, as `demo` and `siege` start them. `waiting` waits for what has to
happen, `ports` and `machine` tell what this machine has.
"""
