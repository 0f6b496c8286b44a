"""The p-median: sites that keep the total walking least."""
