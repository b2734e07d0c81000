"""Reports: each process publishes what it has counted, and each web process adds it up."""
