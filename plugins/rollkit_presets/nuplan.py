"""nuPlan: comfort, and displacement in open loop."""

from rollkit import Rollout, hookimpl
from rollkit.arrays import Array
from rollkit_presets._nuplan_comfort import comfort_of, corrected, corrected_of, faithful
from rollkit_presets.nuplan_open_loop import nuplan_open_loop

PROJECT, COMMIT = "motional/nuplan-devkit", "e9241677"
FILE = "nuplan/planning/metrics/evaluation_metrics/common/ego_is_comfortable.py"


@faithful(project=PROJECT, commit=COMMIT, file=FILE)
def nuplan_comfort(rollout: Rollout) -> dict[str, Array]:
    """Six signals of the whole drive within their limits, by Savitzky-Golay filters.

    Longitudinal and lateral acceleration at the vehicle's centre by SG(8, 2), the jerk of the
    length of the acceleration at the rear axle and the longitudinal jerk by SG(15, 2) of these, yaw
    rate by SG(5, 2) and yaw acceleration by SG(5, 3) of the yaw; windows shrink to the samples
    there are, at least 4.
    """
    return comfort_of(rollout)


@corrected(project=PROJECT, commit=COMMIT, file=FILE, corrects="nuplan_comfort")
def nuplan_comfort_corrected(rollout: Rollout) -> dict[str, Array]:
    """The same limits, of accelerations where they are and of the jerk as a vector.

    By Savitzky-Golay filters of the same orders over odd windows of 0.8, 1.4 and 0.4 s, at the
    centre a_x - L ω² and a_y + L α, the jerk the length of d(a_x)/dt - ω a_y and d(a_y)/dt + ω a_x
    at the rear axle; nothing is rounded.
    """
    return corrected_of(rollout)


@hookimpl
def rollkit_presets():
    return [nuplan_comfort, nuplan_comfort_corrected, nuplan_open_loop]
