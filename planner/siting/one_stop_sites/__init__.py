"""Buildings that several kinds share, proposed for a district."""
