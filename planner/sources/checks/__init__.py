"""What to mend in a district before its figures are believed."""
