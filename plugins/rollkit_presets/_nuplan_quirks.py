"""Where the comfort of nuPlan, and of NAVSIM after it, is not what it seems."""

from rollkit import Quirk, Rollout
from rollkit_presets._comfort_checks import at_10_hz
from rollkit_presets._nuplan_signals import DECIMALS, JERK_WINDOW


def other_windows(rollout: Rollout) -> bool:
    """Whether the windows last other times than at 10 Hz, or are cut short."""
    return not at_10_hz(rollout) or rollout.steps + 1 < JERK_WINDOW


EVEN_WINDOW = Quirk(
    name="even window",
    text=(
        "Accelerations are smoothed over 8 samples. The middle of an even window lies between two"
        " samples, so every value but the four at each end is that of half a step later; an odd"
        " window has its middle on a sample. At 10 Hz a peak is seen 0.05 s too early, and the path"
        " driven the other way has other numbers."
    ),
    signals=("lon_accel", "lat_accel", "jerk", "lon_jerk"),
    breaks=("time_reversal",),
)
CENTRIPETAL_SIGN = Quirk(
    name="acceleration ahead at the centre",
    text=(
        "From the rear axle to the centre, L ahead, the longitudinal acceleration becomes"
        " a_x + L (ω² + α); right is a_x - L ω². Turning at 0.5 rad/s it is 0.73 m/s² too high, and"
        " where the yaw rate grows a turn to the left and its mirror image to the right differ."
    ),
    signals=("lon_accel", "lon_jerk"),
    breaks=("mirror",),
)
NO_ANGULAR_PART = Quirk(
    name="acceleration across at the centre",
    text=(
        "The lateral acceleration at the centre is taken to be that at the rear axle, a_y; right is"
        " a_y + L α, L from the rear axle to the centre. Where the yaw rate grows by 1 rad/s² in a"
        " turn to the left, 1.46 m/s² are missing."
    ),
    signals=("lat_accel",),
)
JERK_OF_LENGTH = Quirk(
    name="jerk of the length",
    text=(
        "The jerk is the derivative of the length of the acceleration, d|a|/dt, not the length of"
        " its derivative, |da/dt|. A vector that turns and keeps its length has none: a steady"
        " circle of 20 m at 10 m/s reads 0, and its acceleration changes by 2.5 m/s³."
    ),
    signals=("jerk",),
)
IN_SAMPLES = Quirk(
    name="windows in samples",
    text=(
        "The windows are 8, 15 and 5 samples, whatever the time step, and all the samples where"
        " there are fewer; windows in seconds would smooth alike at every rate. At 20 Hz they last"
        " half as long and the same drive reads rougher, at 2 Hz they smooth away a whole"
        " manoeuvre."
    ),
    signals=("lon_accel", "lat_accel", "jerk", "lon_jerk", "yaw_accel", "yaw_rate"),
    shows=other_windows,
)
ROUNDED = Quirk(
    name="rounded",
    text=(
        "Every signal is rounded to 8 decimals, the acceleration before the jerk is made from it;"
        " there is no need to. It changes the jerk in the eighth decimal, and a verdict only within"
        " that of a limit."
    ),
    signals=("lon_accel", "lat_accel", "jerk", "lon_jerk", "yaw_accel", "yaw_rate"),
    resolution=10.0**-DECIMALS,
)
COMFORT = (EVEN_WINDOW, CENTRIPETAL_SIGN, NO_ANGULAR_PART, JERK_OF_LENGTH, IN_SAMPLES, ROUNDED)

PACIFICA = (
    "Of a rollout without a vehicle the centre is 1.461 m ahead of the rear axle, as in the"
    " project's Chrysler Pacifica; a vehicle brings its own."
)
RATES = (
    "The accelerations, and the yaw rate and yaw acceleration that carry them to the centre, are"
    " what was recorded of them, else central differences; the project's own states have them all."
)
