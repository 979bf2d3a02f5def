"""Why presets judge one case as they do: their signals, verdicts and quirks beside each other."""

from rollkit.explaining.door import explain, explain_spec
from rollkit.explaining.explanation import Explanation

__all__ = ["Explanation", "explain", "explain_spec"]
