"""An example of a plugin distribution: one metric, one integrator, one action source.

rollkit imports this module when the plugin is named, and calls its three hooks.
"""

from rollkit import hookimpl
from rollkit_example.integrator import midpoint
from rollkit_example.metric import steering_reversal_rate
from rollkit_example.source import slalom


@hookimpl
def rollkit_metrics():
    return [steering_reversal_rate]


@hookimpl
def rollkit_integrators():
    return [midpoint]


@hookimpl
def rollkit_action_sources():
    return [slalom]
