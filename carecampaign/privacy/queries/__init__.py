"""Read what reaches into every area: who was served how often under which entry."""
