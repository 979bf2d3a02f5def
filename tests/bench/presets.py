"""How fast a comfort preset judges: python tests/bench/presets.py [CASES] [SAMPLES]

`navsim_comfort` against the same definition written case by case, as its project computes it: one
SciPy `savgol_filter` call for each signal and case, rounding and limits included. Both sides are
timed in turns, on the same states.

1. Its verdict of a rollout, from the recorded rates to value, margin, time and flag of each check;
   and its bare signals, from arrays. Targets: 20 times as fast for 1024 cases of 80 samples, 10
   times for 64.
2. Time and memory a case as the cases grow: linear, and flat.
"""

import sys
import tracemalloc

import numpy as np
from scipy.signal import savgol_filter
from timing import times

from rollkit import Rollout, Trajectory
from rollkit.declare import spec_of
from rollkit.layout import arranged
from rollkit.presets.verdicts import verdict
from rollkit_presets import _comfort_limits as limits
from rollkit_presets import _nuplan_signals as signals
from rollkit_presets.navsim import navsim_comfort, navsim_comfort_corrected

DT = 0.1
_RATES = ("accel", "lateral_accel", "yaw_rate", "yaw_accel")
_LIMITS = (
    (limits.MIN_LON_ACCEL, limits.MAX_LON_ACCEL),
    (-limits.MAX_LAT_ACCEL, limits.MAX_LAT_ACCEL),
    (-limits.MAX_JERK, limits.MAX_JERK),
    (-limits.MAX_LON_JERK, limits.MAX_LON_JERK),
    (-limits.MAX_YAW_RATE, limits.MAX_YAW_RATE),
    (-limits.MAX_YAW_ACCEL, limits.MAX_YAW_ACCEL),
)


def drives(cases, samples, seed=0):
    """Recorded states of smooth drives by name, `(cases, samples)` each."""
    rng = np.random.default_rng(seed)
    t = np.arange(samples) * DT

    def waves(scale):
        rate, phase, size = (
            rng.uniform(*ends, (3, cases, 1)) for ends in ((0.05, 0.4), (0, 2 * np.pi), (-1.5, 1.5))
        )
        return scale * sum(size * np.sin(2 * np.pi * rate * t + phase))

    accel, yaw_rate = waves(0.8), waves(0.15)
    speed = 8 + np.cumsum(accel, axis=-1) * DT
    yaw = np.cumsum(yaw_rate, axis=-1) * DT
    x, y = (np.cumsum(speed * one, axis=-1) * DT for one in (np.cos(yaw), np.sin(yaw)))
    return {
        "x": x,
        "y": y,
        "yaw": yaw,
        "speed": speed,
        "accel": accel,
        "lateral_accel": speed * yaw_rate,
        "yaw_rate": yaw_rate,
        "yaw_accel": np.gradient(yaw_rate, DT, axis=-1),
    }


def one_by_one(state):
    """The flags of each case, as a straightforward author computes them."""
    lever = signals.PACIFICA_LEVER
    flags = []
    names = ("yaw", *_RATES)
    for yaw, accel, lateral, rate, turning in zip(*(state[n] for n in names), strict=True):
        yaw = np.unwrap(yaw)

        def smoothed(values, window, order, derivative=0):
            window = min(window, len(values))
            return np.round(savgol_filter(values, window, order, derivative, DT), 8)

        lon = smoothed(accel + lever * (rate**2 + turning), 8, 2)
        found = (
            lon,
            smoothed(lateral, 8, 2),
            smoothed(smoothed(np.hypot(accel, lateral), 8, 2), 15, 2, 1),
            smoothed(lon, 15, 2, 1),
            smoothed(yaw, 5, 2, 1),
            smoothed(yaw, 5, 3, 2),
        )
        pairs = zip(found, _LIMITS, strict=True)
        flags.append(all((one > low).all() and (one < high).all() for one, (low, high) in pairs))
    return np.array(flags)


def rollout(state):
    """The same states as a rollout; a new one, which has computed nothing yet."""
    recorded = {name: state[name] for name in _RATES}
    poses = (state[name] for name in ("x", "y", "yaw", "speed"))
    return Rollout(Trajectory(*poses, DT, recorded=recorded))


def judged(state, preset=navsim_comfort):
    """Its verdict."""
    spec = spec_of(preset)
    return verdict(spec, rollout(state)).ok(spec.checks)


def bare(state):
    """Its signals."""
    accel, lateral, rate, turning = (state[name] for name in _RATES)
    return signals.comfort_signals(accel, lateral, state["yaw"], rate, turning, DT)


def peak(call):
    """Memory that a call takes beside what there was, bytes."""
    tracemalloc.start()
    call()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def main() -> None:
    """Print both tables."""
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 1024
    samples = int(sys.argv[2]) if len(sys.argv) > 2 else 80
    state = drives(cases, samples)
    print(f"navsim_comfort, {samples} samples a case, ms: SciPy case by case, verdict, signals")
    print(" cases       scipy   verdict   signals   ratios          flags that differ")
    for count in sorted({1, 64, cases}):
        some = {name: arranged(one[:count].copy()) for name, one in state.items()}
        slow, whole, only = times(
            lambda some=some: one_by_one(some),
            lambda some=some: judged(some),
            lambda some=some: bare(some),
            repeats=3,
        )
        wrong = int((judged(some) != one_by_one(some)).sum())
        print(
            f"{count:6d}  {slow * 1e3:10.3f}  {whole * 1e3:8.3f}  {only * 1e3:8.3f}  "
            f"{slow / whole:7.1f} {slow / only:7.1f}  {wrong:4d}"
        )
    print(
        "\nus and kB a case as the cases grow; batch contiguous, row by row, and the corrected one"
    )
    print(" cases   verdict    by row  corrected   signals   peak kB")
    for count in (256, 1024, 4096, 16384):
        many = drives(count, samples)
        turned = {name: arranged(one) for name, one in many.items()}
        least = times(
            lambda turned=turned: judged(turned),
            lambda many=many: judged(many),
            lambda turned=turned: judged(turned, navsim_comfort_corrected),
            lambda turned=turned: bare(turned),
            repeats=3,
        )
        line = "  ".join(f"{one / count * 1e6:8.2f}" for one in least)
        print(
            f"{count:6d}  {line}  {peak(lambda turned=turned: judged(turned)) / count / 1e3:8.2f}"
        )


if __name__ == "__main__":
    main()
