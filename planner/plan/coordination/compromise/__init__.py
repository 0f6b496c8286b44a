"""What is decided beside the best that the same money could do."""
