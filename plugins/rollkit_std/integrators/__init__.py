"""Integrators: initial state and actions to trajectory."""
