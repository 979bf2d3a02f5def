"""Sources and metrics that are files, as the tests' runs name them."""

SLOW = '''
import time

import numpy as np
from rollkit import Actions, State, action_source, hookimpl

@action_source()
def slow(draws, *, horizon, dt, wait: float = 0.02):
    """Constant acceleration, taking its time."""
    time.sleep(wait)  # for every chunk
    numbers = draws.uniform(2)
    accel = np.repeat(numbers[:, :1], round(horizon / dt), axis=1)
    return State(speed=5 + numbers[:, 1]), Actions(accel, 0.1 * accel, dt)

@hookimpl
def rollkit_action_sources():
    return [slow]
'''

METRIC = '''
from rollkit import arrays, hookimpl, metric

@metric(unit="m/s", better=None)
def top_speed(rollout):
    """Largest speed."""
    print("measured by the file")
    return {factor} * arrays.max_abs(rollout.speed)

@hookimpl
def rollkit_metrics():
    return [top_speed]
'''

RAISES = '''
from rollkit import action_source, hookimpl

@action_source()
def raises(draws, *, horizon, dt):
    """None at all."""
    raise ArithmeticError("no such road")

@hookimpl
def rollkit_action_sources():
    return [raises]
'''

WRONG = '''
import numpy as np
from rollkit import Actions, State, action_source, hookimpl

@action_source()
def wrong(draws, *, horizon, dt):
    """Of one rollout the acceleration is unknown."""
    accel = np.zeros((len(draws), round(horizon / dt)))
    accel[-1, 0] = np.nan if {place} in draws.seeds else 0.0
    return State(speed=np.ones(len(draws))), Actions(accel, 0 * accel, dt)

@hookimpl
def rollkit_action_sources():
    return [wrong]
'''

DEADLY = '''
import os
import signal

from rollkit import action_source, hookimpl

@action_source()
def deadly(draws, *, horizon, dt):
    """What a lack of memory does."""
    os.kill(os.getpid(), signal.SIGKILL)

@hookimpl
def rollkit_action_sources():
    return [deadly]
'''
