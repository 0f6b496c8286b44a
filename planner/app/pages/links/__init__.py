"""Links to open: gates, footbridges and paths, ranked, on the map and to take away."""
