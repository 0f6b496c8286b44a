"""What comes from strangers: refused by its content before a reader opens it."""
