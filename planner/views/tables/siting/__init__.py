"""Tables on sites, budgets, scenarios and who must act."""
