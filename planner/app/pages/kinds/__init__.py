"""All kinds of facility side by side, for one group."""
