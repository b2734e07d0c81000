"""Messages and reports: how a process encodes, sends, receives and counts them.

One message's journey, by the names of the functions on its way:

1. `web.link` reads what a click asks for and calls `sending.sender.Sender.send`.
2. `Sender` numbers the messages, encodes them (`message.Message.encode`) and calls the pattern's
   sending function in web.py, as `web.prodcons`, which hands the lines to Redis.
3. The pattern's `receive` in listeners/, as `listeners.prodcons.receive`, takes a line from Redis
   and yields it as a `receiving.contract.Batch`.
4. `receiving.loop.Loop.run` decodes it (`Message.decode`) and tells its observers what happened
   (`receiving.events`): `receiving.counts` counts and reports, `receiving.terminal` prints.
5. The loop resumes `receive`, which acknowledges (as `listeners.reliable.receive`).

pages/live/__init__.py tells one report's journey, from the process that counts to the page.
"""
