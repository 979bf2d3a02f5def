"""One process that times small calls: python few.py ROUNDS, JSON of seconds on stdout.

A process of its own, because large calls leave the allocator in another state than they found it.
Calls that are too short for the clock are repeated; all take turns.
"""

import functools
import json
import sys
import time

import given

import rollkit

SIZES = [1, 10, 100, 1_000]
AT_LEAST = 0.02  # seconds that are timed together


def main(rounds: int, ways: list[tuple[str, str]]) -> None:
    """Best seconds of a call, for each size, engine and integrator."""
    actions = given.actions(SIZES[-1])
    forms, best = {}, {}
    for rows in SIZES:
        for way in ways:
            form = functools.partial(evaluate, actions.rows(slice(rows)), *way)
            form()
            calls = 1 + int(AT_LEAST / again(form, 3))
            forms[f"{rows} {' '.join(way)}"] = functools.partial(again, form, calls)
    for _ in range(rounds):
        for name, form in forms.items():
            best[name] = min(form(), best.get(name, float("inf")))
    print(json.dumps(best))


def again(form, calls: int) -> float:
    """Seconds of one call of many."""
    started = time.perf_counter()
    for _ in range(calls):
        form()
    return (time.perf_counter() - started) / calls


def evaluate(actions, engine: str, integrator: str) -> None:
    """Roll out and measure, with one worker."""
    rollkit.evaluate_actions(actions, given.start(), integrator, given.METRICS, engine=engine)


if __name__ == "__main__":
    main(int(sys.argv[1]), [tuple(one.split(",")) for one in sys.argv[2:]])
