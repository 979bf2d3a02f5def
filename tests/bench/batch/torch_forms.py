"""The nine metrics of euler in PyTorch, float64: as written, and through `torch.compile`.

The actions lie with the batch contiguous, given so before timing; that is their faster layout.
"""

import torch


def measured(accel, curvature, dt: float, speed: float):
    """Time first, `(T, N)`: running sums, the clamp in its closed form."""
    free = speed + torch.cumsum(accel * dt, 0)
    held = free - torch.clamp(torch.cummin(free, 0).values, max=0.0)
    v = torch.cat([torch.full_like(accel[:1], speed), held])
    step = v[:-1] * dt
    zero = torch.zeros_like(accel[:1])
    yaw = torch.cat([zero, torch.cumsum(step * curvature, 0)])[:-1]
    x = torch.cat([zero, torch.cumsum(step * torch.cos(yaw), 0)])
    y = torch.cat([zero, torch.cumsum(step * torch.sin(yaw), 0)])
    lateral = v[:-1] ** 2 * curvature
    return {
        "max_abs_accel": accel.abs().amax(0),
        "max_abs_curvature": curvature.abs().amax(0),
        "min_speed": v.amin(0),
        "final_speed": v[-1],
        "max_abs_jerk": accel.diff(dim=0).abs().amax(0) / dt,
        "max_abs_curvature_rate": curvature.diff(dim=0).abs().amax(0) / dt,
        "max_abs_lateral_accel": lateral.abs().amax(0),
        "rms_lateral_accel": lateral.square().mean(0).sqrt(),
        "path_length": torch.hypot(x.diff(dim=0), y.diff(dim=0)).sum(0),
    }


def looped(accel, curvature, dt: float, speed: float):
    """A loop over time, which a compiler may unroll and fuse: no signal is ever stored."""
    v = torch.full_like(accel[0], speed)
    slowest = v
    yaw = torch.zeros_like(v)
    squares, length, steering, change, rate, most = (torch.zeros_like(v) for _ in range(6))
    pedal = torch.zeros_like(v)
    for t in range(len(accel)):
        a, kappa = accel[t], curvature[t]
        lateral = v * v * kappa
        pedal, steering = torch.maximum(pedal, a.abs()), torch.maximum(steering, kappa.abs())
        most, squares = torch.maximum(most, lateral.abs()), squares + lateral * lateral
        if t:
            change = torch.maximum(change, (a - accel[t - 1]).abs())
            rate = torch.maximum(rate, (kappa - curvature[t - 1]).abs())
        length = length + torch.hypot(v * torch.cos(yaw) * dt, v * torch.sin(yaw) * dt)
        yaw = yaw + v * kappa * dt
        v = torch.clamp(v + a * dt, min=0.0)
        slowest = torch.minimum(slowest, v)
    return {
        "max_abs_accel": pedal,
        "max_abs_curvature": steering,
        "min_speed": slowest,
        "final_speed": v,
        "max_abs_jerk": change / dt,
        "max_abs_curvature_rate": rate / dt,
        "max_abs_lateral_accel": most,
        "rms_lateral_accel": (squares / len(accel)).sqrt(),
        "path_length": length,
    }


def forms(accel, curvature, dt, speed):
    """Each form as a call without arguments; those that cannot be compiled here are left out."""
    signals = [torch.from_numpy(one.T.copy()) for one in (accel, curvature)]

    def called(form):
        return lambda: form(*signals, dt, speed)

    found = {"as written": called(measured)}
    for name, form in [("compiled", measured), ("compiled, loop", looped)]:
        form = torch.compile(form, dynamic=False)
        try:
            called(form)()
        except Exception as error:  # whatever the compiler lacks: it is said, and the rest measured
            print(f"  torch.compile, {name}: {type(error).__name__}: {error}".splitlines()[0])
            continue
        found[name] = called(form)
    return found
