"""What a worker process does first that was started for one run, beside it."""

import signal
import sys


def dask_setup(worker: object) -> None:
    """Keep out of the run's way: Dask calls this once, in the process's main thread."""
    del worker
    # What a plugin prints is no part of what a run prints; Ctrl-C is for the one that reports.
    sys.stdout = sys.stderr
    signal.signal(signal.SIGINT, signal.SIG_IGN)
