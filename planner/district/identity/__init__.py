"""Whether two names, facilities or rows of lists are of one thing."""
