"""People counted by what is known of their distance."""
