"""The nearest facility of every place, kept while facilities and links change."""
