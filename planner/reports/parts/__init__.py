"""The parts of a report, one a file, each made of what the library answers."""
