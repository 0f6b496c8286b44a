"""Check-up: a score for each area and its card, clauses, benchmarks, checklists, service lines."""
