"""Inverses: poses to initial state and actions."""
