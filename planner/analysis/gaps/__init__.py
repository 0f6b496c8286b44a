"""Where people lack facilities, why, and what would mend it."""
