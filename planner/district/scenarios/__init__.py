"""Lists of changes to a district, kept and carried out."""
