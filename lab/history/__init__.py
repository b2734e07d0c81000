"""The history of a run, which is all that the judge reads: what its folder holds.

notes.json: what was promised, who was there, the faults with their evidence, and what remained.
producer.jsonl: a line for each write. NAME.jsonl: what each listener has told.
witness.jsonl: what the proxies before Redis saw handed over. reads.jsonl: how long each log was
when. Every time is in seconds since the epoch, by the one clock of the machine.
"""
