"""Help: the method behind each page in plain words, with formulas and sources, and the tour."""
