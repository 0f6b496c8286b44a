"""Sites, budgets and capacities in the reader's language."""
