"""The starter set: what is measured when nothing is named."""

rollkit_plugins = ("accel", "curvature", "speed", "jerk", "curv_rate")
