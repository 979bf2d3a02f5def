"""From poses to actions: the inverses, called, checked and compared."""

from rollkit.fitting.comparing import Fitted, compare_fits
from rollkit.fitting.methods import fit

__all__ = ["Fitted", "compare_fits", "fit"]
