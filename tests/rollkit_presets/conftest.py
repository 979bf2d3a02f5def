"""Reference numbers of other projects, where they lie beside the checkout."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest


@pytest.fixture(scope="session")
def golden(shared: Path) -> Callable[[str], np.lib.npyio.NpzFile]:
    """Call with a name, `nuplan_comfort`: the arrays that the project's own code produced."""

    def opened(name: str) -> np.lib.npyio.NpzFile:
        path = shared / "golden" / f"{name}_dev.npz"
        if not path.is_file():
            pytest.skip(f"the reference numbers are not here: no {path.name} in ../shared/golden")
        return np.load(path, allow_pickle=False)

    return opened
