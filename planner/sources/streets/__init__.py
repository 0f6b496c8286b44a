"""What every layer of streets goes through, whichever door it comes by."""
