"""Tables on who is near and who is not."""
