"""The front page shows two patterns side by side, and what the last click did."""
