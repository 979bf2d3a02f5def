"""The nine metrics of euler in JAX, float64, each form compiled as one function.

`scanned` is one `lax.scan` over time, over all rollouts at once or in chunks; `cumulative` has no
loop, only running sums. All take the batch-contiguous layout that suits them best, given so before
timing.
"""

import jax
import jax.numpy as jnp
from jax import lax

CHUNK = 1024  # rollouts; the fastest of 512 to 4096 here


def measured(accel, curvature, dt, v, x, y):
    """The metrics of signals with time first: `(T, N)` actions, `(T+1, N)` states."""
    lateral = v[:-1] ** 2 * curvature
    length = jnp.hypot(jnp.diff(x, axis=0), jnp.diff(y, axis=0))
    return {
        "max_abs_accel": jnp.abs(accel).max(axis=0),
        "max_abs_curvature": jnp.abs(curvature).max(axis=0),
        "min_speed": v.min(axis=0),
        "final_speed": v[-1],
        "max_abs_jerk": jnp.abs(jnp.diff(accel, axis=0)).max(axis=0) / dt,
        "max_abs_curvature_rate": jnp.abs(jnp.diff(curvature, axis=0)).max(axis=0) / dt,
        "max_abs_lateral_accel": jnp.abs(lateral).max(axis=0),
        "rms_lateral_accel": jnp.sqrt(jnp.mean(lateral**2, axis=0)),
        "path_length": length.sum(axis=0),
    }


@jax.jit
def cumulative(accel, curvature, dt, speed):
    """Running sums, the clamp in its closed form."""
    free = speed + jnp.cumsum(accel * dt, axis=0)
    held = free - jnp.minimum(lax.cummin(free, axis=0), 0)
    v = jnp.concatenate([jnp.full_like(accel[:1], speed), held])
    step = v[:-1] * dt
    zero = jnp.zeros_like(accel[:1])
    yaw = jnp.concatenate([zero, jnp.cumsum(step * curvature, axis=0)])[:-1]
    x = jnp.concatenate([zero, jnp.cumsum(step * jnp.cos(yaw), axis=0)])
    y = jnp.concatenate([zero, jnp.cumsum(step * jnp.sin(yaw), axis=0)])
    return measured(accel, curvature, dt, v, x, y)


def scanned(accel, curvature, dt, speed):
    """One scan over time that carries state and metrics, and keeps no trajectory."""
    zero = jnp.zeros_like(accel[0])
    start = jnp.full_like(zero, speed)

    def step(carry, action):
        v, yaw, pedal, steering, most, squares, length, slowest = carry
        a, kappa = action
        lateral = v * v * kappa
        now = (a, kappa, a - pedal, kappa - steering, lateral)
        after = jnp.maximum(v + a * dt, 0)
        carry = (
            after,
            yaw + v * kappa * dt,
            a,
            kappa,
            tuple(jnp.maximum(old, jnp.abs(new)) for old, new in zip(most, now, strict=True)),
            squares + lateral * lateral,
            # The length of a step from its two components, as from positions.
            length + jnp.hypot(v * jnp.cos(yaw) * dt, v * jnp.sin(yaw) * dt),
            jnp.minimum(slowest, after),
        )
        return carry, None

    carry = (start, zero, accel[0], curvature[0], (zero,) * 5, zero, zero, start)
    (v, _, _, _, most, squares, length, slowest), _ = lax.scan(step, carry, (accel, curvature))
    return {
        "max_abs_accel": most[0],
        "max_abs_curvature": most[1],
        "min_speed": slowest,
        "final_speed": v,
        "max_abs_jerk": most[2] / dt,
        "max_abs_curvature_rate": most[3] / dt,
        "max_abs_lateral_accel": most[4],
        "rms_lateral_accel": jnp.sqrt(squares / len(accel)),
        "path_length": length,
    }


whole = jax.jit(scanned)


@jax.jit
def chunked(accel, curvature, dt, speed):
    """The scan, chunk after chunk, `(chunks, T, CHUNK)`: what is carried stays in the cache."""
    found = lax.map(lambda one: scanned(*one, dt, speed), (accel, curvature))
    return {name: values.reshape(-1) for name, values in found.items()}


def forms(accel, curvature, dt, speed):
    """Each form as a call without arguments that waits for its answer."""
    signals = accel, curvature
    by_instant = [jnp.asarray(one.T.copy()) for one in signals]
    by_chunk = [
        jnp.asarray(one.reshape(-1, CHUNK, one.shape[1]).transpose(0, 2, 1).copy())
        for one in signals
    ]

    def called(form, given):
        return lambda: jax.block_until_ready(form(*given, dt, speed))

    return {
        "scan": called(whole, by_instant),
        "scan in chunks": called(chunked, by_chunk),
        "cumulative sums": called(cumulative, by_instant),
    }
