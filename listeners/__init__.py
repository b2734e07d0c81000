"""The receiving ends, one script a pattern."""
