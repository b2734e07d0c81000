"""What starts the other parts as processes, as a person would in so many terminals."""
