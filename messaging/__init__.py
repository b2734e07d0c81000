"""Messages and reports: how a process encodes, sends, receives and counts them.

One message's journey, by the names of the functions on its way:

1. `web.link` reads what a click asks for and calls `sending.sender.Sender.send`.
2. `Sender` numbers the messages, encodes them (`message.Message.encode`) and calls the pattern's
   sending function in web.py, as `web.prodcons`, which hands the lines to Redis.
3. The pattern's `receive` in listeners/, as `listeners.prodcons.receive`, takes a line from Redis
   and yields it as a `receiving.contract.Batch`.
4. `receiving.loop.Loop.run` decodes it (`Message.decode`) and tells its observers what happened
   (`receiving.events`): one counts (`receiving.counts.Counts`), one prints
   (`receiving.terminal.Terminal`), one reports (`receiving.reports.Reports`).

One report's journey:

1. Web and listeners wake their `reporting.reporter.Reporter` whenever they count something; its
   thread publishes a `reporting.report.Report`, ten times a second at most.
2. `pages.live.hub.Hub` in each web process receives it; `Ledger.hear` adds it up.
3. `Hub` makes figures of the sums (`figures.figures`) and hands them to `Feed.tell`, which
   sends them to each browser that watches.
4. In the browser, live.js passes them to the tracks, the figures and the charts.
"""
