"""The sending end: it numbers messages, hands them to Redis, and says what Redis answered."""
