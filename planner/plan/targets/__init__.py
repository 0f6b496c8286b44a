"""What the plan is held against: targets of coverage by year, and limits of budgets."""
