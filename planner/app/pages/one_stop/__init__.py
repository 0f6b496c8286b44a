"""One-stop sites: which kinds to bring together in which buildings, and what sharing brings."""
