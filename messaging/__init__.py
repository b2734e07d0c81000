"""What the sending and the receiving ends share."""
