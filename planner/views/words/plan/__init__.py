"""The joint plan in words: proposals, what they bring and cost, agenda, years and targets."""
