"""One budget: sites, doors, hours and links that bring most residents for the money."""
