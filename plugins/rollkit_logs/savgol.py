"""Savitzky-Golay smoothing: each sample becomes the local polynomial's value at its place."""

import numpy as np

from rollkit.arrays import Array

# A cubic keeps position, speed, acceleration and jerk of smooth motion within the window.
ORDER = 3


def window_samples(seconds: float, dt: float) -> int:
    """The odd number of samples nearest to a window in seconds; 1 smooths nothing.

    >>> window_samples(1.0, 0.1)
    11
    """
    return 2 * round(seconds / dt / 2) + 1


def savgol(values: Array, window: int) -> Array:
    """Smoothed values, `(n,)`; the ends are read off the polynomials of the first and last window.

    Parameters
    ----------
    values : array, `(n,)`
        Uniformly sampled, n >= window.
    window : int
        Odd. Up to `ORDER` samples a cubic goes through all of them and the values come back.

    References
    ----------
    A. Savitzky, M. J. E. Golay: Smoothing and differentiation of data by simplified least squares
    procedures. Analytical Chemistry 36 (1964). Equals `scipy.signal.savgol_filter(values, window,
    3, mode="interp")`.
    """
    if window <= ORDER:
        return values
    half = window // 2
    # An orthonormal basis of the cubics: projecting onto it is the least-squares fit.
    basis, _ = np.linalg.qr(np.vander(np.linspace(-1, 1, window), ORDER + 1))
    smoothed = np.empty_like(values)
    smoothed[half : len(values) - half] = np.convolve(values, basis @ basis[half], "valid")
    smoothed[:half] = basis[:half] @ (basis.T @ values[:window])
    smoothed[-half:] = basis[-half:] @ (basis.T @ values[-window:])
    return smoothed
