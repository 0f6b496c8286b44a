"""The dashboard: one thin file a page, nothing computed here."""
