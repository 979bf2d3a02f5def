"""Scenarios: action sources with a realistic profile that the seed perturbs."""
