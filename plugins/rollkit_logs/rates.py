"""The rates that a file may have measured beside its poses, by their names in every format."""

# m/s² ahead along the body and to its left, rad/s and rad/s² counter-clockwise: at the point that
# the poses describe.
RATES = ("accel", "lateral_accel", "yaw_rate", "yaw_accel")
