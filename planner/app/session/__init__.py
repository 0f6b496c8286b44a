"""What lasts while a reader's session does: choices, answers, background work."""
