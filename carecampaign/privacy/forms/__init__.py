"""Input of what reaches into every area."""
