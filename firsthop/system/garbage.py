"""The collector of cycles, while much is read. Messages make many objects and next to
no cycles among them: looking for some costs a seventh of the time and finds nothing.

What is there already (modules, tables) is not looked at again meanwhile, and new
objects only when there are many of them, so that memory stays bounded by what a few
batches hold."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

YOUNG = 100_000  # objects made and not let go of, after which the young ones are looked at
OLDER = 20  # such looks, after which those that outlived one are looked at
OLDEST = 20  # such, after which all are


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Within it cycles are looked for seldom; after it as before."""
    former = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(YOUNG, OLDER, OLDEST)
    try:
        yield
    finally:
        gc.set_threshold(*former)
        gc.unfreeze()  # else what ends with the program would be called a leak
