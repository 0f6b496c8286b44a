"""Who must act on which gap, what it costs, and which departments should talk to each other."""
