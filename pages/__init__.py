"""What surrounds the links of the web: what it accepts, and how it answers."""
