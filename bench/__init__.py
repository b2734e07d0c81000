"""What the project costs and what it bears, measured against bars."""
