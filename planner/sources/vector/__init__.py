"""Map layers, read and told what is in them."""
