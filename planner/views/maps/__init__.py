"""Maps that need no server."""
