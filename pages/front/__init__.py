"""The front page: two patterns side by side, and what the last click did."""
