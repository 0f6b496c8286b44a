"""Coverage of one kind: figures, map and communities; a community's figures, a home's ways."""
