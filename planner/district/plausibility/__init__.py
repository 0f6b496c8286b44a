"""What the layers of a district hold that can hardly be so, though nothing forbids it."""
