"""Measures what each pattern loses, repeats, reorders and delays, with real processes and faults.

The way of one run, from ./scripts/compare to a cell of the table:

1. `compare` reads the `options` into `Settings`, and `plan` makes a `Job` for each scenario,
   pattern, client and repetition.
2. `pool` starts a process for each, some side by side; one that measures speed runs alone.
3. A `Scenario` is a row of parts: listeners, a load (`workloads`), faults (`faults/`), a kind of
   Redis (`servers`), and a question. `Scenario.play` brings them into a `Run`, which starts the
   processes: a producer, and consumers as the `System` says. A `Witness` stands before each of them
   and writes down what Redis hands over. Each fault strikes under load and notes its evidence.
4. The run leaves a history (`history/`): what was sent, what each listener told, what the witnesses
   saw, the faults, and what remained in Redis.
5. `judging/` reads nothing but the history, now or again with ./scripts/compare --check FOLDER.
   `report.result` says what it found, in words and figures.
6. `report.table` makes one cell of all repetitions, and prints the cells. With
   --into, `report.merge` puts them into a stored summary.

A new scenario is a row in scenarios/. A new fault is an `Injection`: how it begins, what proves
that it happened, how it ends, and what it may cost. A new guarantee is a function in
judging/guarantees.py, which yields a sentence for each breach.
"""
