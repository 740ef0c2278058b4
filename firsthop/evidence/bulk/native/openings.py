"""What an expression may begin with: a set of bytes, or a text. By that the kernel's
machine leaves out what cannot match, without trying it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from firsthop.evidence.bulk.native.byte_sets import one_of, union

Node = tuple[Any, Any]  # an operation of Python's parser and what it is given


def first_bytes(nodes: Iterable[Node], flags: int) -> int | None:
    """The bytes that what `nodes` match may begin with; None where it may be
    nothing, or that is not known."""
    mask = 0
    for op, given in nodes:
        some, empty = _begins(op.name, given, flags)
        if some is None:
            return None
        mask |= some
        if not empty:
            return mask
    return None


def _begins(name: str, given: Any, flags: int) -> tuple[int | None, bool]:
    """The bytes a node may begin with, and whether it may take nothing."""
    one = one_of(name, given, flags)
    if one is not None:
        return one, False
    if name in {"AT", "ASSERT", "ASSERT_NOT"}:
        return 0, True
    if name == "SUBPATTERN":
        return _begin(given[3], (flags | given[1]) & ~given[2])
    if name == "ATOMIC_GROUP":
        return _begin(given, flags)
    if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
        some, empty = _begin(given[2], flags)
        return some, empty or given[0] == 0
    if name == "BRANCH":
        ways = [_begin(way, flags) for way in given[1]]
        known = [some for some, _ in ways if some is not None]
        joined = None if len(known) < len(ways) else union(known)
        return joined, any(empty for _, empty in ways)
    return (0, False) if name == "FAILURE" else (None, True)


def _begin(nodes: Sequence[Node], flags: int) -> tuple[int | None, bool]:
    mask = 0
    for op, given in nodes:
        some, empty = _begins(op.name, given, flags)
        if some is None:
            return None, True
        mask |= some
        if not empty:
            return mask, False
    return mask, True


def opening(nodes: Sequence[Node], flags: int) -> bytes:
    """The text that nodes begin with."""
    return _opening(nodes, flags)[0]


def _opening(nodes: Iterable[Node], flags: int) -> tuple[bytes, bool]:
    """The text that nodes begin with, and whether it is all that they are."""
    text = b""
    for op, given in nodes:
        more, whole = _opens(op.name, given, flags)
        text += more
        if not whole:
            return text, False
    return text, True


def _opens(name: str, given: Any, flags: int) -> tuple[bytes, bool]:
    if name == "LITERAL":
        plain = given < 128 and not (flags & re.IGNORECASE and chr(given).isalpha())
        return (bytes((given,)), True) if plain else (b"", False)
    if name == "SUBPATTERN":
        return _opening(given[3], (flags | given[1]) & ~given[2])
    if name == "ATOMIC_GROUP":
        return _opening(given, flags)
    if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"} and given[0] > 0:
        return _opening(given[2], flags)[0], False
    return b"", False
