"""What is decided, carried out year by year: coverage, areas, money."""
