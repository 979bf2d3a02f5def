"""Gates: what the statistics of an artifact are held to, and what became of it."""
