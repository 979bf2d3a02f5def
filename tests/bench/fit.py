"""How fast poses become actions: python tests/bench/fit.py [CASES] [STEPS]

Three tables from one run, with the times of both sides taken in turns, BLAS on one thread (more
only slow such small matrices down):

1. `alpamayo` against the same four least-squares problems solved case by case with dense matrices
   and `np.linalg.cholesky`, built as they are written down. Targets: 100 times as fast for 1024
   cases of 64 steps, 10 times for one.
2. The other methods, ns a pose.
3. How far rollouts of the actions are from the truth, and how wrong their jerk is, on noisy drives
   of known truth; and on the recorded windows in ../shared, where they are there.
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from timing import times

import rollkit
from rollkit import Actions, State, Trajectory
from rollkit_std.inverses.alpamayo import fit_alpamayo

DT, FINE = 0.1, 0.0125
GOLDEN = Path(__file__).parents[3] / "shared" / "golden" / "alpamayo_unicycle_dev.npz"


def cholesky(matrix, right):
    """The solution by a dense Cholesky factor."""
    lower = np.linalg.cholesky(matrix)
    return np.linalg.solve(lower.T, np.linalg.solve(lower, right))


def dense(x, y, yaw, v0):
    """One case as a straightforward author writes it: a matrix for each term."""
    steps = len(x) - 1
    third = np.diff(np.eye(steps + 1), 3, axis=0)
    second = np.diff(np.eye(steps), 2, axis=0)
    theta = yaw - yaw[0]
    normal = np.eye(steps) * (1 + 1e-8) + 1e-6 / DT**6 * third[:, 1:].T @ third[:, 1:]
    theta = np.concatenate([[0], cholesky(normal, theta[1:])])
    along = np.zeros((2 * steps, steps + 1))
    cos, sin, step = np.cos(theta + yaw[0]), np.sin(theta + yaw[0]), np.arange(steps)
    for end in (0, 1):
        along[2 * step, step + end] = cos[step + end]
        along[2 * step + 1, step + end] = sin[step + end]
    moved = 2 / DT * np.stack([np.diff(x), np.diff(y)], axis=-1).reshape(-1)
    normal = along[:, 1:].T @ along[:, 1:] + 1e-4 * np.eye(steps)
    normal += 1e-6 / DT**6 * third[:, 1:].T @ third[:, 1:]
    right = along[:, 1:].T @ (moved - along[:, 0] * v0)
    right -= 1e-6 / DT**6 * third[:, 1:].T @ (third[:, 0] * v0)
    v = np.concatenate([[v0], cholesky(normal, right)])
    rough = 1e-4 / DT**4 * second.T @ second + 1e-4 * np.eye(steps)
    a = cholesky(np.eye(steps) + rough, np.diff(v) / DT)
    way = v[:-1] * DT + a * DT**2 / 2
    return a, cholesky(np.diag(way**2) + rough, way * np.diff(theta))


def drives(cases, steps, dt=DT, seed=0):
    """Trajectories of smooth actions, seen every dt."""
    rng = np.random.default_rng(seed)
    t = np.arange(round(steps * DT / FINE)) * FINE

    def waves(scale):
        rate, phase, size = (
            rng.uniform(*ends, (4, cases, 1)) for ends in ((0.05, 0.4), (0, 2 * np.pi), (-1.5, 1.5))
        )
        return scale * sum(size * np.sin(2 * np.pi * rate * t + phase)) / 2

    speed = rng.uniform(0, 18, cases)
    accel, curvature = waves(1.2), waves(0.05) / (1 + (speed[:, None] / 6) ** 2)
    fine = rollkit.rollout(Actions(accel, curvature, FINE), State(speed=speed), "exact").trajectory
    seen = slice(None, None, round(dt / FINE))
    return Trajectory(*(getattr(fine, one)[:, seen] for one in ("x", "y", "yaw", "speed")), dt)


def noisy(truth, position=0.02, heading=0.005):
    """As it would be seen."""
    rng = np.random.default_rng(1)
    x, y = (one + rng.normal(0, position, one.shape) for one in (truth.x, truth.y))
    yaw = truth.yaw + rng.normal(0, heading, truth.yaw.shape)
    return Trajectory.through(x, y, truth.dt, yaw=yaw)


def ratios(seen, cases):
    """One line of the first table."""
    x, y, yaw = seen.x[:cases], seen.y[:cases], seen.yaw[:cases]
    speed = seen.speed[:cases, 0]
    some = Trajectory.through(x, y, DT, yaw=yaw)

    def one_by_one():
        return [dense(*case) for case in zip(x, y, yaw, speed, strict=True)]

    def function():
        return fit_alpamayo(some, initial_speed=speed)

    def public():
        return rollkit.fit(some, "alpamayo", initial_speed=speed)

    wrong = max(
        float(np.abs(np.array([one[k] for one in one_by_one()]) - got).max())
        for k, got in enumerate((public()[1].accel, public()[1].curvature))
    )
    slow, fast, whole = times(one_by_one, function, public, repeats=5)
    print(
        f"{cases:6d}  {slow * 1e3:10.3f}  {fast * 1e3:8.3f}  {whole * 1e3:8.3f}  "
        f"{slow / fast:6.1f}  {slow / whole:6.1f}  {wrong:.1e}"
    )


def quality(title, seen, truth):
    """One block of the third table."""
    print(f"\n{title}: {len(seen.x)} drives of {seen.steps} steps")
    print("method        ADE m   FDE m   jerk error   accel error   max |k|   RMS dk/dt   max jerk")
    for name, one in rollkit.compare_fits(seen).items():
        there = one.rollout.trajectory
        away = np.hypot(there.x - truth.x, there.y - truth.y)
        jerk, accel = np.diff(truth.speed, 2) / truth.dt**2, np.diff(truth.speed) / truth.dt
        known = truth is not seen
        errors = [
            f"{np.sqrt(np.mean((got - real) ** 2)):10.3f}" if known else f"{'-':>10}"
            for got, real in ((one.rollout.jerk, jerk), (one.actions.accel, accel))
        ]
        rough = np.sqrt(np.mean(one.rollout.curvature_rate**2))
        print(
            f"{name:12s}  {away[:, 1:].mean():.4f}  {away[:, -1].mean():.4f}  "
            f"{errors[0]}    {errors[1]}  {one.values['max_abs_curvature'].max():8.3f}  "
            f"{rough:10.4f}  {one.values['max_abs_jerk'].max():9.2f}"
        )


def main() -> None:
    """Print the three tables."""
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 1024
    steps = int(sys.argv[2]) if len(sys.argv) > 2 else 64
    truth = drives(cases, steps)
    seen = noisy(truth)
    print(f"alpamayo, {steps} steps, ms: dense, its function, rollkit.fit; ratios; difference")
    for count in sorted({1, 8, 64, cases}):
        ratios(seen, count)
    print("\nms for all cases, and ns a pose")
    for name in ("differences", "alpamayo", "waymax", "spline"):
        (least,) = times(lambda name=name: rollkit.fit(seen, name), repeats=5)
        print(f"{name:12s}  {least * 1e3:8.2f}  {least / seen.x.size * 1e9:8.1f}")
    quality("2 cm, 5 mrad of noise, 10 Hz", seen, truth)
    fine = drives(cases, steps, dt=0.05)
    quality("2 cm, 5 mrad of noise, 20 Hz", noisy(fine), fine)
    quality("no noise, 10 Hz", truth, drives(cases, steps))
    if GOLDEN.exists():
        golden = np.load(GOLDEN)
        xy, yaw = golden["real_xy"][:, 15:], golden["real_yaw"][:, 15:]
        real = Trajectory.through(xy[..., 0], xy[..., 1], DT, yaw=yaw)
        quality("recorded windows, errors against what was recorded", real, real)


if __name__ == "__main__":
    main()
