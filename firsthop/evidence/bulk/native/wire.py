"""Writes what is handed to the native kernel: numbers, little-endian, and texts behind
their lengths (kernel/src/wire.rs reads them)."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Sequence

NO_NUMBER = -(1 << 63)  # what stands for a number that is not told
UNTOLD = 255  # the same for a yes or no
_WORD = (1 << 64) - 1
MASK_BITS = 256  # of a set of bytes, and of alternatives


def u32(number: int) -> bytes:
    """A number of 32 bits."""
    return number.to_bytes(4, "little")


def i64(number: int) -> bytes:
    """A number of 64 bits with its sign."""
    return number.to_bytes(8, "little", signed=True)


def i64s(numbers: Iterable[int]) -> bytes:
    """Numbers of 64 bits, without their count."""
    return _little(array("q", numbers)).tobytes()


def u32s(numbers: Sequence[int]) -> bytes:
    """Numbers of 32 bits behind their count."""
    return u32(len(numbers)) + _little(array("I", numbers)).tobytes()


def counted(data: bytes) -> bytes:
    """Bytes behind their length."""
    return u32(len(data)) + data


def many(parts: Sequence[bytes]) -> bytes:
    """Parts behind their count."""
    return u32(len(parts)) + b"".join(parts)


def bits(mask: int) -> bytes:
    """A set of 256 bits."""
    return (mask & (1 << MASK_BITS) - 1).to_bytes(MASK_BITS // 8, "little")


def texts(values: Sequence[str | None]) -> bytes:
    """Texts or None: their sizes, and all their bytes."""
    encoded = [None if value is None else value.encode() for value in values]
    sizes = i64s(-1 if one is None else len(one) for one in encoded)
    return sizes + counted(b"".join(one for one in encoded if one))


def numbers(values: Iterable[int | None]) -> bytes:
    """Numbers or None."""
    return i64s(NO_NUMBER if value is None else value for value in values)


def answers(values: Iterable[bool | None]) -> bytes:
    """Yes, no or None."""
    return bytes(UNTOLD if value is None else value for value in values)


def lists(values: Sequence[Sequence[str]]) -> bytes:
    """Lists of texts: how many each has, then all of them."""
    return i64s(map(len, values)) + texts([one for value in values for one in value])


def _little(numbers: array[int]) -> array[int]:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
