"""Measures what each pattern loses, repeats, reorders and delays, with real processes and faults.

The way of one run, from ./scripts/compare to a cell of the table:

1. `compare.main` reads the options into `Settings`, and `pool.plan` makes a `Job` for each
   scenario, pattern, client and repetition.
2. `Pool.make` starts a process for each job, `python -m lab.job FOLDER`, four at a time; a scenario
   that measures speed runs alone.
3. `job.make` opens a `Run` and calls the scenario's function in `scenarios/`, which starts a Redis
   (`Run.serve`), listeners (`Crew.listen`) and a producer (`Run.send`), injects its fault, waits
   until no message is left (`Run.drain`), and returns what the pattern is `Allowed` to lose.
4. `accounting.account` compares the ids that were sent with those that each listener logged,
   `verdict.judge` compares the counts with what is allowed, and `figures` adds delays and charts.
   `job.main` writes all of it to result.json.
5. `summary.summarize` makes one cell of all repetitions, and `table.table` prints the cells.
"""
