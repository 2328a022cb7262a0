"""What was said and what we answered: recording socket, attempts, scoring jobs, feedback."""
