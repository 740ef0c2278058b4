"""Which engine reads on the bulk path: the native kernel where the installation has one
of this version and FIRSTHOP_KERNEL is not `off`, else Python. Both read the same."""

from __future__ import annotations

from firsthop.evidence.bulk.native.library import library

NATIVE = "native kernel"
PYTHON = "Python"


def engine() -> str:
    """The engine by name."""
    return PYTHON if library() is None else NATIVE
