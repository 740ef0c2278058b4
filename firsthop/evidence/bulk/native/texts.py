"""Asks the kernel about a single text. None where there is no kernel, or where it is
not sure that Python reads the text alike: the caller reads it in Python then."""

from __future__ import annotations

import ctypes
from functools import lru_cache

from firsthop.evidence.bulk.native.library import View, library

Limits = tuple[int, int, int, int]


def native_passages(text: str, limits: Limits) -> list[str] | None:
    """The passages of a text with the smallest hashes; `limits`: words that are looked
    at, the fewest that have passages, words of a passage, passages."""
    loaded = library()
    if loaded is None:
        return None
    try:
        coded = text.encode()
    except UnicodeEncodeError:  # half of a character
        return None
    told = View()
    if loaded.fh_passages(coded, len(coded), _numbers(limits), ctypes.byref(told)):
        return None
    return told.taken().decode().split("\n")[:-1]


@lru_cache(maxsize=4)
def _numbers(limits: Limits) -> ctypes.Array[ctypes.c_uint32]:
    return (ctypes.c_uint32 * len(limits))(*limits)
