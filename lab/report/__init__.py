"""What people and pages are told of runs: words, figures, tables. Nothing here judges."""
