"""What a profile of walking makes of streets and of who is covered."""
