"""Drives on which the quirks of presets show, for the pages about them.

`code` makes a rollout named `drive`; it stands on the page, and the tests run it. `checks` are
those whose numbers the page prints, `signals` those it plots.
"""

from functools import partial
from typing import NamedTuple


class Example(NamedTuple):
    """A drive on which the quirks of a preset show."""

    says: str  # what the drive is, before the code
    code: str  # Python that makes `drive`
    checks: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    shows: str = ""  # what to look at, under the plot
    beside: str | None = None  # the preset to compare with, where no corrected one is
    metrics: tuple[str, ...] = ()  # what is printed beside, without the preset's name
    horizons: tuple[float, ...] = ()  # of the metrics, to plot them over
    every: float | None = None  # s; to plot the displacement at these instants beside that at all


_BEND = """\
import numpy as np
import rollkit
accel = np.repeat([0.0, 2.0, 0.0], [20, 10, 30])
curvature = np.repeat([0.0, 0.12, 0.0], [10, 30, 20])
actions = rollkit.Actions(accel, curvature, dt=0.1)
drive = rollkit.rollout(actions, rollkit.State(speed=5.0), "exact")
"""

_SLALOM = """\
import numpy as np
import rollkit
t = np.arange(60) * 0.1
actions = rollkit.Actions(0 * t, 0.06 * np.sign(np.sin(2 * np.pi * t / 4)), dt=0.1)
drive = rollkit.rollout(actions, rollkit.State(speed=9.0), "exact")
"""

_CIRCLE = """\
import numpy as np
import rollkit
accel = np.repeat([1.0, 0.0], 20)
actions = rollkit.Actions(accel, np.full(40, 0.08), dt=0.1)
drive = rollkit.rollout(actions, rollkit.State(speed=6.0), "exact")
"""

_TWO_PLANS = """\
import numpy as np
import rollkit
bend = np.full(40, 0.06)
earlier, later = (
    rollkit.rollout(rollkit.Actions(0 * bend, side, dt=0.1), rollkit.State(speed=6.0), "exact")
    for side in (-bend, bend)
)
drive = rollkit.Rollout(later.trajectory, reference=earlier.trajectory)
"""

_BRAKE = """\
import numpy as np
import rollkit
accel = np.repeat([-3.0, 2.0], 20)
actions = rollkit.Actions(accel, np.full(40, 0.1), dt=0.1)
drive = rollkit.rollout(actions, rollkit.State(speed=3.0), "exact")
"""

_REVERSE = """\
import numpy as np
import rollkit
t = np.arange(41) * 0.1
speed = 2.0 - t
way = 2.0 * t - t**2 / 2
drive = rollkit.Rollout(rollkit.Trajectory(way, 0 * way, 0 * way, speed, dt=0.1))
"""

_SAMPLES = """\
import numpy as np
import rollkit
t = np.arange(65) * 0.1
went = rollkit.Trajectory(10 * t, 0 * t, 0 * t, 10 + 0 * t, dt=0.1)
aside = np.stack([0.15 * t, 0.06 * t**2, 1.5 * np.sin(0.4 * t)])  # of each of three samples
ahead = np.broadcast_to(went.x, aside.shape)
predicted = rollkit.Trajectory(ahead, aside, 0 * aside, 10 + 0 * aside, dt=0.1)
drive = rollkit.Rollout(predicted, reference=went, sampled=True)
"""

_FORECAST = """\
import numpy as np
import rollkit
t = np.arange(61) * 0.1
went = rollkit.Trajectory(15 * t, 0 * t, 0 * t, 15 + 0 * t, dt=0.1)
ahead = np.stack([15 * t + 0.2 * t**1.5, 14.6 * t])  # 1 m off at first, and 3 % too slow
drive = rollkit.Rollout(
    rollkit.Trajectory(ahead, 0 * ahead, 0 * ahead, 15 + 0 * ahead, dt=0.1),
    reference=went,
    probability=np.array([0.4, 0.6]),
    sampled=True,
)
"""

_EIGHT_SECONDS = """\
import numpy as np
import rollkit
t = np.arange(81) * 0.1
went = rollkit.Trajectory(10 * t, 0 * t, 0 * t, 10 + 0 * t, dt=0.1)
swing = 9 * np.sin(np.pi * t) ** 2 * (t < 3)  # out and back between whole seconds
yaw = np.arctan2(np.gradient(swing, 0.1), 10)
drive = rollkit.Rollout(rollkit.Trajectory(10 * t, swing, yaw, 10 + 0 * t, dt=0.1), reference=went)
"""

_INTO_A_BEND = """\
import numpy as np
import rollkit
curvature = np.interp(np.arange(60), [20, 30], [0.0, 0.05])
actions = rollkit.Actions(0 * curvature, curvature, dt=0.1)
drive = rollkit.rollout(actions, rollkit.State(speed=13.0), "exact")
"""

_TWENTY_HERTZ = """\
import numpy as np
import rollkit
t = np.arange(601) * 0.05
speed = 10 + 0 * t
follows, target = (
    rollkit.Trajectory(10 * t, 0 * t, 0 * t, speed, dt=0.05, recorded={"lateral_accel": lateral})
    for lateral in (np.sin(0.5 * t - 0.1), np.sin(0.5 * t))
)
drive = rollkit.Rollout(follows, reference=target)
"""

_START = """\
import numpy as np
import rollkit
accel = np.repeat([3.0, 0.0, -3.0], [40, 10, 10])
actions = rollkit.Actions(accel, np.repeat([0.0, 0.02], [40, 20]), dt=0.1)
drive = rollkit.rollout(actions, rollkit.State(speed=2.0), "exact")
"""

# What the examples of several presets show.
_of_three_samples = partial(
    Example,
    says="Three samples of 6.4 s: one drifts to the side, one ever faster, one leaves at once "
    "and comes back.",
    code=_SAMPLES,
    metrics=("_0_5s", "_1s", "_3s", "_5s", ""),
    horizons=(0.5, 1.0, 3.0, 5.0, 6.4),
)
_into_reverse = partial(
    Example,
    says="Braking at 1 m/s² from 2 m/s through standstill and on into reverse.",
    code=_REVERSE,
)
_from_slow_to_fast = partial(
    Example,
    says="3 m/s² from 2 m/s to 14 m/s, then a bend of 50 m, braking in the end.",
    code=_START,
    checks=("lon_accel", "lat_accel"),
    signals=("lon_accel", "lat_accel"),
)

EXAMPLES = {
    "nuplan_comfort": Example(
        says="Into a bend of 8.3 m at 5 m/s, and there 2 m/s² for a second, to 7 m/s.",
        code=_BEND,
        checks=("lon_accel", "jerk"),
        signals=("lon_accel", "jerk"),
        shows="In the bend L ω² is added where it should be taken away, so that a comfortable "
        "acceleration is judged as too much, and the jerk of a vector that turns is missing.",
    ),
    "navsim_comfort": Example(
        says="A slalom of bends of 17 m, two seconds each, at 9 m/s.",
        code=_SLALOM,
        checks=("jerk", "lat_accel"),
        signals=("jerk", "lat_accel"),
        shows="From left to right the acceleration passes through 0 and comes out as long as it "
        "was: its length says little of that jerk.",
    ),
    "navsim_extended_comfort": Example(
        says="A plan to the left, made after one to the right.",
        code=_TWO_PLANS,
        checks=("accel", "jerk", "yaw_rate"),
        signals=("accel", "yaw_rate"),
        shows="Both accelerations are of one length: the definition sees no difference.",
    ),
    "alpamayo_comfort": Example(
        says="Two seconds of 1 m/s² in a bend of 12.5 m, then two at the speed reached, 8 m/s, "
        "which is 5.1 m/s² to the side, beyond the limit.",
        code=_CIRCLE,
        checks=("lat_accel", "jerk"),
        signals=("lat_accel", "jerk"),
        shows="The lateral acceleration of the definition lacks its centripetal part: it stays "
        "near 0, however fast the bend is taken. It fails here for another reason: its last values "
        "are made of the repeated end.",
    ),
    "smoothness": Example(
        says="Two seconds of 1 m/s² in a bend of 12.5 m, then two at the speed reached, 8 m/s.",
        code=_CIRCLE,
        checks=("lat_accel_rms", "lat_accel_max", "lon_jerk_max"),
        signals=("lat_accel", "lon_jerk"),
        shows="The lateral acceleration lacks its centripetal part; its last values are made of "
        "the repeated end.",
    ),
    "alpamayo_minade": _of_three_samples(
        beside="alpasim_minade",
        shows="Up to 1 and 3 s the sample that is best over all of 6.4 s is not the best.",
    ),
    "alpasim_minade": _of_three_samples(
        beside="alpamayo_minade",
        shows="Each horizon has the sample that is best up to there; no plan is all of them.",
    ),
    "auto_e2e_comfort": Example(
        says="Braking at 3 m/s² from 3 m/s for two seconds, of which it stands one, then 2 m/s² "
        "again, in a bend of 10 m.",
        code=_BRAKE,
        checks=("lat_accel", "yaw_rate"),
        signals=("yaw_rate", "lat_accel"),
        shows="What was braked away while standing has to be made up for before the total speed of "
        "the definition is above 0 again.",
    ),
    "wosac_kinematics": _into_reverse(
        checks=("linear_speed", "linear_accel"),
        signals=("linear_speed", "linear_accel"),
        shows="Without its sign the speed bounces off 0, and braking turns into accelerating.",
    ),
    "waymax_feasibility": _into_reverse(
        checks=("accel", "curvature"),
        signals=("accel", "curvature"),
        shows="In reverse the velocity points to the rear: the definition takes that for a turn by "
        "half a turn in every step.",
    ),
    "av2": Example(
        says="Two samples of 6 s, one 2.9 m too far at the end, one 3 % too slow.",
        code=_FORECAST,
        checks=("fde",),
        metrics=("_ade", "_min_ade", "_min_fde", "_brier_min_fde", "_missed"),
        signals=("displacement",),
        shows="At 15 m/s an error of speed of 3 % is a miss after 5 s.",
    ),
    "nuplan_open_loop": Example(
        says="A plan that swings out by 9 m and back between whole seconds, up to 3 s.",
        code=_EIGHT_SECONDS,
        checks=("average_displacement", "largest_displacement_3s", "average_heading_error"),
        every=1.0,
        shows="Looked at once a second it never left the way.",
    ),
    "autoware_validator": Example(
        says="Into a bend of 20 m within a second, at 13 m/s.",
        code=_INTO_A_BEND,
        checks=("lat_jerk", "lat_accel", "lat_jerk_of_accel"),
        signals=("lat_jerk", "lat_jerk_of_accel"),
        shows="At a constant speed the part that the code looks at is 0; the formula of its README "
        "is beyond the limit on the way into the bend.",
    ),
    "comma_controls": Example(
        says="Half a minute at 20 Hz of a lateral acceleration that follows its target by 0.2 s.",
        code=_TWENTY_HERTZ,
        metrics=("_lataccel_cost", "_jerk_cost", "_total_cost"),
        signals=("lat_jerk", "lat_accel_error"),
        shows="Divided by 0.1 s instead of 0.05 s, the jerk is half of what it is; the first 100 "
        "samples are 5 s.",
    ),
    "comfort_bounds": _from_slow_to_fast(
        beside="regulatory_bounds",
        shows="What passengers accept does not vary with the speed: 3 m/s² are always too much.",
    ),
    "regulatory_bounds": _from_slow_to_fast(
        beside="comfort_bounds",
        shows="3 m/s² are within the limit up to 12.5 m/s, and beyond it from there on.",
    ),
    "physical_bounds": _from_slow_to_fast(
        beside="comfort_bounds",
        shows="What tyres can do is far beyond what passengers accept.",
    ),
}
