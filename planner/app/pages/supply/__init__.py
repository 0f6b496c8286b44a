"""Supply and hours: the week, load against capacity, redundancy, equity, ranges."""
