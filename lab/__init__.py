"""Measures what each pattern loses, repeats, reorders and delays, with real processes and faults.

The way of one run, from ./scripts/compare to a cell of the table:

1. `compare` reads the options into `Settings`, and plans a `Job` for each scenario, pattern, client
   and repetition.
2. `pool.make_all` starts a process for each, four at a time; one that measures speed runs alone.
3. `pool.make` opens a `Run`, which has a Redis (`Run.server`), consumers (`Run.consumers`) and a
   producer (`Run.producer`), and calls the scenario's function in `scenarios/`. That one begins
   (`Run.begin`), sends (`Producer.send`) and notes what its fault may cost (`Run.fault`). The run
   waits until no message is left (`Run.drain`) and completes the history (`Run.finish`).
4. `verdict.check` reads nothing but the history, now or again with `python -m lab.verdict FOLDER`:
   `accounting.account` compares the ids that were sent with those that each listener logged,
   `verdict.judge` compares the counts with what the pattern may do after these faults, and
   `figures` adds delays and charts.
5. `table.summarize` makes one cell of all repetitions, and `table.table` prints the cells. With
   --into, `merge.merge_into` puts them into a stored summary.

A new scenario is a function in scenarios/, declared by `@scenario`; the faults that it notes say
what they may cost, and each pattern's declaration says which of that it allows.
"""
