"""Links to open: gates, footbridges and paths."""
