"""Drafts of What if: the scenario that is being drawn and those saved, kept on the server."""
