"""Streets with a link more, and where one is worth a thought."""
