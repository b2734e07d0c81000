"""What a process reports of itself for the live page, and how that reaches the web."""
