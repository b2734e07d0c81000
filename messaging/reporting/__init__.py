"""Reports: each process publishes what it has counted, for the live page."""
