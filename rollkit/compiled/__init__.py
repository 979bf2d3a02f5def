"""The compiled engine: definitions traced with symbols, fused and compiled by numba.

An integrator and metrics that are written in arithmetic and the primitives of `rollkit.arrays` are
called once with symbolic arrays; what they compute becomes one kernel that goes through every
rollout once and stores nothing on the way. Whatever does more than that stays in NumPy.
"""

from rollkit.compiled.kernel import Kernel, kernel_for

__all__ = ["Kernel", "kernel_for"]
