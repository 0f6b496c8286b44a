"""Set covering: the fewest or cheapest sites that cover everyone, or a share of everyone."""
