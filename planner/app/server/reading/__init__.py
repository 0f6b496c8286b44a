"""Files of unknown origin, read in processes of their own within memory and time."""
