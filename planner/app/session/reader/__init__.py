"""Who looks: what they may do, leave on the server and bring along, and the way in."""
