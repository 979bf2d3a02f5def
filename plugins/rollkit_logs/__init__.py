"""Readers of recorded trajectories, and the action source that drives them again."""
