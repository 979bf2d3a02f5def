"""Displacement: how far predicted trajectories are from where the vehicle really went.

A bundle of plugins, one a file. Every metric is a mean, a maximum or the last of the errors at the
instants that were predicted; those called `min_...`, `..._of_best` and `..._by_all` compare the K
samples of a case.
"""

rollkit_plugins = (
    "ade",
    "fde",
    "max_displacement",
    "rms_displacement",
    "min_ade",
    "min_fde",
    "missed",
    "brier",
    "brier_min",
    "brier_normalized",
    "brier_min_normalized",
    "heading_error",
    "along_track",
    "cross_track",
    "corner_distance",
    "l2",
)
