"""Bounds by profile: what is comfortable, what rules of traffic allow, what a car can do.

Each profile is a preset, whose checks hold the signals of a rollout to the limits, and a file of
gates that makes a run or an evaluation fail where a rollout does not keep them. The limits are
rollkit's own choice of what others use; nothing that keeps them is "compliant" with anything.
"""

rollkit_plugins = ("comfort_bounds", "regulatory_bounds", "physical_bounds")
