"""One check of a profile: a signal between two limits."""

from rollkit import Check

_SIGNALS = {  # name: unit, meaning
    "lon_accel": ("m/s^2", "longitudinal acceleration"),
    "lon_jerk": ("m/s^3", "longitudinal jerk"),
    "lat_accel": ("m/s^2", "lateral acceleration"),
    "lat_jerk": ("m/s^3", "lateral jerk"),
    "curvature": ("1/m", "curvature"),
    "yaw_rate": ("rad/s", "yaw rate"),
    "yaw_accel": ("rad/s^2", "yaw acceleration"),
}


def within(
    name: str,
    low: float | str,
    high: float | str,
    source: str,
    *,
    strict: bool = False,
    mean_over: str = "",
) -> Check:
    """The check of a signal; `mean_over` says over what it is a mean, where it is one.

    >>> check = within("lat_jerk", -5.0, 5.0, "by hand", mean_over="0.5 s")
    >>> check.limits, check.unit, check.meaning
    ('[-5, 5]', 'm/s^3', 'lateral jerk, mean over 0.5 s')
    """
    unit, meaning = _SIGNALS[name]
    return Check(
        name=name,
        unit=unit,
        low=low,
        high=high,
        strict=strict,
        meaning=f"{meaning}, mean over {mean_over}" if mean_over else meaning,
        source=source,
    )
