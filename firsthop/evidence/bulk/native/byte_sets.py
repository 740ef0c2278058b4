"""The bytes that a node of Python's parser may match, where it matches one character: a
set of 256 bits. Beyond ASCII a set says nothing: the kernel looks at ASCII alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

ALL = (1 << 256) - 1


class UnsupportedError(Exception):
    """The machine has no such thing."""


def _mask(text: str) -> int:
    return sum(1 << ord(c) for c in text)


DIGITS = _mask("0123456789")
WORD = DIGITS | _mask("_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
SPACE = _mask("\t\n\v\f\r ")
SEPARATORS = _mask("\x1c\x1d\x1e\x1f")  # white space of Unicode, not of re.ASCII
LINE_END = _mask("\n")


def union(masks: Iterable[int]) -> int:
    """All of them."""
    joined = 0
    for mask in masks:
        joined |= mask
    return joined


def one_of(name: str, given: Any, flags: int) -> int | None:
    """The bytes that a node matches, where it matches just one; beyond ASCII all that
    it may match."""
    if name == "LITERAL":
        return _cased(1 << given if given < 128 else 0, flags)
    if name == "NOT_LITERAL":
        return ALL & ~_cased(1 << given if given < 128 else 0, flags)
    if name == "ANY":
        return ALL if flags & re.DOTALL else ALL & ~LINE_END
    if name == "IN":
        negated = given[0][0].name == "NEGATE"
        mask = _cased(union(_member(op.name, one, flags) for op, one in given[negated:]), flags)
        return ALL & ~mask if negated else mask
    return None


def _member(name: str, given: Any, flags: int) -> int:
    if name == "LITERAL":
        return 1 << given if given < 128 else 0
    if name == "RANGE":
        return union(1 << code for code in range(given[0], min(given[1], 127) + 1))
    if name == "CATEGORY":
        return _category(given.name, flags)
    raise UnsupportedError


def _category(name: str, flags: int) -> int:
    space = SPACE if flags & re.ASCII else SPACE | SEPARATORS
    known = {"DIGIT": DIGITS, "WORD": WORD, "SPACE": space}
    kind = name.removeprefix("CATEGORY_")
    if kind.removeprefix("NOT_") not in known:
        raise UnsupportedError
    mask = known[kind.removeprefix("NOT_")]
    return ALL & ~mask if kind.startswith("NOT_") else mask


def _cased(mask: int, flags: int) -> int:
    if not flags & re.IGNORECASE:
        return mask
    both = "".join(chr(code) for code in range(128) if mask >> code & 1)
    return mask | union(1 << ord(c) for c in both.lower() + both.upper())
