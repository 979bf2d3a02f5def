"""The least time of calls that are compared, taken in turns."""

import math
import time

_TURN = 0.05  # s


def times(*calls, repeats):
    """The least time of each call, s, taken in turns; short ones several times a turn.

    What else the machine does disturbs one call of a few milliseconds and passes by the next.
    """
    least = [math.inf] * len(calls)
    for _ in range(repeats):
        for index, call in enumerate(calls):
            turn = time.perf_counter()
            while True:
                start = time.perf_counter()
                call()
                end = time.perf_counter()
                least[index] = min(least[index], end - start)
                if end - turn > _TURN:
                    break
    return least
