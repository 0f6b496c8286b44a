"""Tables for people: headings and units in their language."""
