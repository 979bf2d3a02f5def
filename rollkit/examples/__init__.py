"""Examples: the few rollouts of an artifact that are worth looking at, done again to be looked at.

Which ones `choosing` says; `again` rolls out their seeds or reads their cases once more.
"""
