"""Where Alpamayo's dynamics are not what they seem: comfort and smoothness have these in common."""

from collections.abc import Callable

import numpy as np

from rollkit import Quirk, Rollout
from rollkit_presets._comfort_checks import at_10_hz

_TEXTS = {
    "repeated end": (
        "The last value of every difference is repeated, so that every signal is as long as the "
        "poses; it should be shorter by one for each difference. The repeated velocity does not "
        "change, so a steady acceleration a seems to end at once and the jerk there reads 10 a: "
        "1 m/s² held throughout fails both limits of jerk. And the body turns on under the "
        "repeated velocity, which in a turn reads as a lateral acceleration to the outside, in the "
        "last two samples."
    ),
    "10 Hz whatever the poses": (
        "Differences are multiplied by 10; they should be divided by the time step of the poses. "
        "At 2 Hz a rate reads 5 times too large, an acceleration 25 times, a jerk 125 times."
    ),
    "no centripetal part": (
        "The lateral acceleration is the change of the velocity's lateral component, in axes that "
        "turn with the body. It should be the lateral component of the change of the velocity, v² "
        "κ in a steady turn. A steady circle of 5 m/s² reads 0, but for its end."
    ),
    "jerk of the speed": (
        "The jerk magnitude is the second difference of the speed; it should be the length of the "
        "change of the acceleration vector. What changes the direction alone has no jerk: a steady "
        "circle, or how suddenly one begins."
    ),
    "begins at the first prediction": (
        "The first pose is the first predicted one; it should be the one that the prediction "
        "starts from. A jump from there is not seen."
    ),
    "yaw wrapped once": (
        "Each change of the yaw is brought between half a turn to the right and half a turn to the "
        "left, by itself; the yaw should be unwrapped as a whole. It matters where a step turns "
        "further than that, which then reads as a turn the other way."
    ),
}


_SHOWS: dict[str, Callable[[Rollout], bool]] = {
    "10 Hz whatever the poses": lambda rollout: not at_10_hz(rollout),
    "begins at the first prediction": lambda rollout: rollout.given > 0,
    "yaw wrapped once": lambda rollout: bool((np.abs(rollout.yaw_change) > np.pi).any()),
}


def quirk(name: str, *signals: str, breaks: str = "") -> Quirk:
    """The quirk of that name, the signals or checks that it touches, and the law it breaks."""
    laws = (breaks,) if breaks else ()
    shows = _SHOWS.get(name)
    return Quirk(name=name, text=_TEXTS[name], signals=signals, breaks=laws, shows=shows)
