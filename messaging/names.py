"""The keys and channels of the reports; each pattern declares its own keys in patterns/."""

from messaging.settings import KEY_PREFIX

REPORTS = f"{KEY_PREFIX}live:reports"  # channel; the database's number is added
RECORDS = f"{KEY_PREFIX}live:records"  # hash: the last report of each process
RESET = f"{KEY_PREFIX}live:reset"  # string: the time when the figures were last zeroed
ZEROS = f"{KEY_PREFIX}live:zeros"  # hash, with that time added: each process' last report before it
