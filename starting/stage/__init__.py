"""What the demo does when the page asks for it, to the processes that it has started itself.

1. `post.Post` takes commands from Redis in a thread, refuses those that nobody may give
   (`admission`), and wakes the main thread of the demo for the others.
2. The main thread, which alone forks, signals and waits, carries each out: `acts.carry_out` finds
   what the verb does, in `signals`, `patterns` or `faults`.
3. `cast.Cast` are the demo's own listeners, each behind a `line.Line` to Redis of its own.
4. The answer, and which processes there are now, goes back to Redis in another thread of `Post`.
"""
