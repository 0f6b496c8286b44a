"""What every request and message passes, and what answers are told to keep to."""
