"""Headers of columns, and which column of a layer each means."""
