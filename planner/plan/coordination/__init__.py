"""What the proposals of all departments mean for each other, and what they bring together."""
