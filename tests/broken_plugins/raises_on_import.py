"""Raises while it is imported."""

raise RuntimeError("no such calibration")  # HERE
