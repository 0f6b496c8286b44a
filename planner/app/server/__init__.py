"""What serves the dashboard: start, configuration, who may come in, what every request passes."""
