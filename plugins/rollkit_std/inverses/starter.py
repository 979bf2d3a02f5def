"""The fitting methods that are compared when none is named."""

rollkit_plugins = ("differences", "alpamayo", "waymax", "spline")
