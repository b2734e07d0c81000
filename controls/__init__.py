"""Controls: what the page may ask the demo to do to the processes that the demo has started.

A command goes this way:

1. A button posts to /control/<verb>; `pages.control.views` checks the form by `verbs.VERBS`.
2. `wire.ask` pushes the command with LPUSH onto `wire.commands_of` the demo's secret, and waits
   with BLPOP for the answer.
3. `starting.stage`, which the demo runs, takes it with BRPOP, checks it again, carries it out once,
   and pushes the answer.
4. Once a second, and after each command, the demo writes the `wire.Stage`: which processes are its
   own. The hub of the live page reads it, so that the cards of these listeners get controls.

Whoever starts listeners and web by hand has no demo: nobody reads the commands, and the page shows
what one would type.
"""
