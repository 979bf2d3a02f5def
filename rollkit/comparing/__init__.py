"""Comparisons of two results: which metrics got worse, by how much, and how sure that is."""

from rollkit.comparing.door import compare
from rollkit.comparing.needing import Planned
from rollkit.comparing.planning import Plan, plan

__all__ = ["Plan", "Planned", "compare", "plan"]
