"""What every pattern declares: its properties, its answers to questions, and its store."""
