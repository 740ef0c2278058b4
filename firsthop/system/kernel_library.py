"""The library of the native kernel, as a file: found where the installation built it,
and loaded. What its functions are stands with those who call them:
evidence/bulk/native/library.py, mail/sources/kernel_look.py.

FIRSTHOP_KERNEL=off in the environment: there is none. Its name ends as no module of
Python does, for it is none."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

ABI = 8  # kernel/src/ffi.rs has the same number
SWITCH = "FIRSTHOP_KERNEL"
OFF = "off"
# kernel/build.py puts it there
PATH = Path(__file__).parents[1] / "evidence" / "bulk" / "native" / "firsthop_kernel.native"


def load() -> ctypes.CDLL | None:
    """The library; None where there is none of this version that can be loaded."""
    if os.environ.get(SWITCH) == OFF or not PATH.is_file():
        return None
    try:
        loaded = ctypes.CDLL(str(PATH))
        loaded.fh_abi.restype = ctypes.c_uint32
        return loaded if loaded.fh_abi() == ABI else None
    except (OSError, AttributeError):
        return None
