"""The process `rollkit`: the command line, with garbage collection out of its way.

Importing makes no garbage, but Python would look for some several times on the way up, and once
more among everything at exit: together a seventh of a short run.
"""

import gc
import sys


def start() -> None:
    """Run the command line and end the process with its exit code."""
    gc.set_threshold(100_000, 10, 10)
    from rollkit.cli import main

    code = main()
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    start()
