"""Plots in the terminal and figures for papers: what a result looks like."""

from rollkit.plotting.door import figure, save_figure

__all__ = ["figure", "save_figure"]
