"""The live part of the front page: it adds up the reports of all processes and shows the sums.

A report goes this way:

1. A process counts: a listener in `ListenerReports` (messaging/receiving/counts.py), which
   observes its loop, and a web process in `WebReports`, which `Live.on_sent` calls after each send.
2. The thread of its `Reporter` (messaging/reporting/reporter.py) asks for the report, publishes it,
   and stores it in Redis, from where `records` loads it in web processes that start later.
3. `Hub._hear` receives it in every web process. `Ledger.hear` adds what is new in it to the totals,
   the next sample and the moves, which are messages that the page animates.
4. `Hub._tick` asks Redis what waits, and `figures` makes of both the figures and the sentence of
   each pattern. `Feed.tell` encodes those that changed, with the moves, as one `change`.
5. `Live.events` streams what `Feed.watch` yields: one `snapshot`, then each `change`. `wire` has
   their types, and static/live/wire.d.ts has the same for the scripts.
6. In the browser, `watch` (static/live/stream.js) passes it to static/live/live.js, where `proceed`
   merges it into what is known; then `Track.show` draws cards and lets dots fly, `fill` writes the
   figures and the sentence, and `Fates.hear` notes what became of the last messages. Once a second
   a change has a sample for the charts.
"""
