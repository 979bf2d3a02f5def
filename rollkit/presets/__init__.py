"""Presets: from the signals and limits that one declares to metrics, scores and the artifact."""

from rollkit.presets.metrics import metrics_of
from rollkit.presets.verdicts import Reading, Verdict, verdict

__all__ = ["Reading", "Verdict", "metrics_of", "verdict"]
