"""A new district from files: uploaded, shown as they will be read, corrected, imported."""
