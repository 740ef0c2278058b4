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


def next_bytes(nodes: Sequence[Node], flags: int, byte: int) -> int | None:
    """The bytes that may stand behind `byte` where what `nodes` match begins with it;
    None where that may be all, or is not known."""
    if not nodes:
        return None
    (op, given), *rest = nodes
    one = one_of(op.name, given, flags)
    if one is not None:
        return first_bytes(rest, flags) if one >> byte & 1 else 0
    ways = _ways(op, given, flags)
    found = [] if ways is None else [next_bytes([*way, *rest], flags, byte) for way in ways]
    known = [one for one in found if one is not None]
    return union(known) if known and len(known) == len(found) else None


def _ways(op: Any, given: Any, flags: int) -> Sequence[Sequence[Node]] | None:
    """What a node may be, taken apart; None where that is not known."""
    name = op.name
    if name in {"AT", "ASSERT", "ASSERT_NOT"}:
        return ([],)
    if name == "SUBPATTERN" and (flags | given[1]) & ~given[2] == flags:
        return (given[3],)
    if name == "ATOMIC_GROUP":
        return (given,)
    if name == "BRANCH":
        return tuple(given[1])
    if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
        low, high, turn = given
        if high > 0 and turn.getwidth()[0] > 0:
            again = (op, (max(low - 1, 0), high - 1, turn))
            return ([*turn, again],) if low else ([*turn, again], [])
    return None


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
    if name == "BRANCH":
        return _shared([opening(way, flags) for way in given[1]]), False
    return b"", False


def _shared(texts: Sequence[bytes]) -> bytes:
    """What several texts begin with."""
    first, last = min(texts), max(texts)
    size = next(
        (n for n, pair in enumerate(zip(first, last, strict=False)) if len({*pair}) > 1), None
    )
    return first[:size]
