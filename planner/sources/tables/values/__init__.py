"""What single cells hold: figures, units, ids, places."""
