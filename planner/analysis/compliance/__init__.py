"""A district held against standards, benchmarks, checklists and its own check-up."""
