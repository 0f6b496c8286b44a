"""Who is near and who is not, and why, in the reader's language."""
