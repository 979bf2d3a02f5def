"""Odometry: an estimated trajectory against the true one, as evo measures it. A bundle."""

rollkit_plugins = ("ape", "rpe")
