"""What the joint meeting talks about: matters between departments, and who waits for whom."""
