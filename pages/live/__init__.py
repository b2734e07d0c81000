"""The live page adds up the reports of all processes and shows them to everybody who watches.

A report goes this way:

1. A process counts. In a listener, `Reports` (messaging/receiving/reports.py) observes the loop; in
   a web process, the sender calls `Live.on_sent`, and `Sends.add` counts. Both then call
   `Reporter.changed` (messaging/reporting/reporter.py).
2. The reporter's thread asks for reports (`Reports.report`, `Sends.reports`), stores each in Redis
   for web processes that start later, and publishes it.
3. `Hub._listen` receives it in every web process. `Hub._hear` decodes it with `records.readable`;
   `Ledger.hear` adds what is new in it to the totals, the next sample and the moves, which are
   messages that the page animates. `TickSchedule.news` makes a tick due.
4. `Hub._tick` asks Redis what waits (`waiting.look`) and makes the figures of each pattern
   (`figures.figures`, with the sentence of `sentences.sentence`). `Viewers.tell` encodes those that
   changed, with the moves, as one `change`. Its type is in `wire`.
5. `Live.events` streams what `Viewers.watch` yields: one `snapshot`, then each `change`.
6. In the browser, `watch` (static/live/stream.js) passes it to static/live/live.js. There `proceed`
   merges it into what is known, `Track.show` draws cards and lets dots fly, and `showFigures`
   writes the figures and the sentence. Once a second a change has a sample for the charts.

When Redis comes back, `records.load` takes from Redis, or gives back to it, what either has lost.
"""
