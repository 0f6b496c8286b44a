"""What a notebook shows: a result as a small table, gaps, links and sites as maps."""
