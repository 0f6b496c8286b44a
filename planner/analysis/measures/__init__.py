"""Measures that researchers know: supply, equity, redundancy, hours, pattern, uncertainty."""
