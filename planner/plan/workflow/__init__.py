"""From draft to opened: statuses, who may do which step, reviews and consultations."""
