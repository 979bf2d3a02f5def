"""Metrics: one number per rollout."""
