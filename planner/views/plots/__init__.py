"""Static maps and charts for paper: each function returns a Matplotlib figure."""
