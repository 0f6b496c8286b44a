"""Files on the joint plan."""
