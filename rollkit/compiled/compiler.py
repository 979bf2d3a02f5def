"""From a kernel's text to a function: compiled by numba once, then found in the cache folder."""

import functools
import hashlib
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from rollkit.compiled.folder import stored


def compiled(text: str) -> Callable[..., bool]:
    """The kernel of that text."""
    name = f"rollkit_kernel_{_digest(text)}"
    path = stored(f"{name}.py", text)
    if path is not None:
        try:
            return _jitted(_imported(name, path), cache=True)
        except Exception:
            # Files of the cache that cannot be read or written, or are damaged: a complaint about
            # the kernel itself comes again below.
            pass
    module = ModuleType(name)
    exec(compile(text, name, "exec"), vars(module))
    return _jitted(module, cache=False)


def _jitted(module: Any, *, cache: bool) -> Callable[..., bool]:
    from numba import njit

    # No fastmath: what NumPy computes, in its order, nan included.
    options = {"nogil": True, "error_model": "numpy", "cache": cache}
    return njit(module.SIGNATURE, **options)(module.run)


def _imported(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # where numba looks for it when it finds the function in its cache
    spec.loader.exec_module(module)
    return module


def _digest(text: str) -> str:
    digest = hashlib.sha256(_environment())
    digest.update(text.encode())
    return digest.hexdigest()[:32]


@functools.cache
def _environment() -> bytes:
    """What else a compiled kernel depends on; numba itself looks at the processor."""
    import llvmlite
    import numba

    versions = f"numba {numba.__version__} llvmlite {llvmlite.__version__}"
    sources = [one.read_bytes() for one in sorted(Path(__file__).parent.glob("*.py"))]
    return b"".join([versions.encode(), *sources])
