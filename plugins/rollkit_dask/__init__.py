"""Runs on Dask: on a cluster of this machine, or on one that runs elsewhere."""
