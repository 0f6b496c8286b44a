"""Who must act: departments, their gaps, and whom they should talk to."""
