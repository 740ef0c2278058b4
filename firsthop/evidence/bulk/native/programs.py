"""Compiles an expression for the kernel's machine (kernel/src/program.rs), from what
Python's own parser makes of it: so there is one pattern, and no second reading of it.

An expression with something that the machine has not, or that means something else
beyond ASCII, gives None; the kernel then leaves it to Python. Nothing is matched here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from typing import Any

from firsthop.evidence.bulk.native import wire
from firsthop.evidence.bulk.native.byte_sets import ALL, UnsupportedError, one_of
from firsthop.evidence.bulk.native.instructions import (
    ACCEPT,
    ATOMIC,
    BACKREF,
    BEHIND,
    BOUNDARY,
    CHAIN,
    CHAR,
    DOLLAR,
    DONE,
    END,
    ENDS,
    FAIL,
    GUARD,
    JUMP,
    LAZY,
    LOOK,
    MAYBE,
    MAYBE_TEXT,
    PEEK,
    POSSESS,
    REPEAT,
    SAVE,
    SET,
    SPLIT,
    START,
    STR,
    SWITCH,
    SWITCH_NEXT,
)
from firsthop.evidence.bulk.native.openings import Node, first_bytes, next_bytes, opening
from firsthop.evidence.bulk.native.switches import bits, possible, straighten

ENDLESS = 0xFFFF_FFFF
MAX_CODE = 20_000  # words of a program
MAX_SETS = 64  # kernel/src/program.rs has the same number

_UNSUPPORTED_FLAGS = re.MULTILINE | re.LOCALE | re.DEBUG
_PLACES = {
    "AT_BEGINNING": (START,),
    "AT_BEGINNING_STRING": (START,),
    "AT_END": (DOLLAR,),
    "AT_END_STRING": (END,),
    "AT_BOUNDARY": (BOUNDARY, 1),
    "AT_NON_BOUNDARY": (BOUNDARY, 0),
}


def program(pattern: str, flags: int = 0) -> bytes:
    """The program of an expression, as the kernel reads it; one that says so where
    there is none."""
    try:
        return wire.u32(1) + _Compiler().whole(pattern, flags)
    except UnsupportedError:
        return wire.u32(0)


class _Compiler:
    """One program while it is made."""

    def __init__(self) -> None:
        self.code: list[int] = []
        self.sets: dict[int, int] = {}
        self.texts = bytearray()
        self.tables: dict[bytes, int] = {}  # which way a byte leads to
        # where the next byte was looked at, and what it may be there
        self._seen: tuple[int, int] = (-1, ALL)

    def whole(self, pattern: str, flags: int) -> bytes:
        parsed = import_module("re._parser").parse(pattern, flags)
        flags = parsed.state.flags
        if flags & _UNSUPPORTED_FLAGS:
            raise UnsupportedError
        self.sequence(parsed, flags)
        self.code.append(ACCEPT)
        if len(self.code) > MAX_CODE or len(self.sets) > MAX_SETS:
            raise UnsupportedError
        straighten(self.code)
        first = first_bytes(parsed, flags)
        return (
            wire.u32s(self.code)
            + wire.many([wire.bits(one) for one in self.sets])
            + wire.counted(bytes(self.texts))
            + wire.many(list(self.tables))
            + wire.u32(2 * (parsed.state.groups - 1))
            + (wire.u32(0) if first is None else wire.u32(1) + wire.bits(first))
        )

    def sequence(self, nodes: Iterable[Node], flags: int) -> None:
        """The instructions of nodes, one after the other."""
        literal = bytearray()
        for op, given in nodes:
            plain = op.name == "LITERAL" and given < 128
            if plain and not (flags & re.IGNORECASE and chr(given).isalpha()):
                literal.append(given)
                continue
            self._text(literal)
            self._node(op.name, given, flags)
        self._text(literal)

    def _text(self, literal: bytearray) -> None:
        if len(literal) == 1:
            self.code += (CHAR, literal[0])
        elif literal:
            self.code += (STR, len(self.texts), len(literal))
            self.texts += literal
        literal.clear()

    def _node(self, name: str, given: Any, flags: int) -> None:
        one = one_of(name, given, flags)
        if one is not None:
            self.code += (SET, self._set(one))
        elif name in _EMIT:
            _EMIT[name](self, given, flags)
        elif name == "FAILURE":
            self.code.append(FAIL)
        else:
            raise UnsupportedError

    def _set(self, mask: int) -> int:
        return self.sets.setdefault(mask, len(self.sets))

    def _at(self, given: Any, flags: int) -> None:
        if given.name not in _PLACES or flags & re.MULTILINE:
            raise UnsupportedError
        self.code += _PLACES[given.name]

    def _group(self, given: Any, flags: int) -> None:
        number, added, dropped, nodes = given
        flags = (flags | added) & ~dropped
        if number is None:
            self.sequence(nodes, flags)
            return
        self.code += (SAVE, 2 * (number - 1))
        self.sequence(nodes, flags)
        self.code += (SAVE, 2 * (number - 1) + 1)

    def _same(self, given: Any, flags: int) -> None:
        if flags & re.IGNORECASE:
            raise UnsupportedError
        self.code += (BACKREF, given - 1)

    def _branch(self, given: Any, flags: int) -> None:
        """Alternatives: the next byte tells which of them can begin, and only these are
        tried, in their order."""
        _, ways = given
        firsts = [first_bytes(way, flags) for way in ways]
        bodies: list[list[int]] = [[] for _ in ways]  # where they are led to from
        for kind, byte in self._switched(SWITCH, firsts):
            nexts = [next_bytes(list(ways[number]), flags, byte) for number in kind] if byte else []
            if len(kind) < 2 or set(nexts) <= {None}:
                self._tries(kind, ways, bodies, flags)
                continue
            for some, _ in self._switched(SWITCH_NEXT, nexts):
                self._tries(tuple(kind[number] for number in some), ways, bodies, flags)
        ends = []
        for way, first, holes in zip(ways, firsts, bodies, strict=True):
            for hole in holes:
                self.code[hole] = len(self.code)
            if first is not None:
                self._seen = len(self.code), first
            self.sequence(way, flags)
            if way is not ways[-1]:
                self.code += (JUMP, 0)
                ends.append(len(self.code) - 1)
        for hole in ends:
            self.code[hole] = len(self.code)

    def _switched(
        self, op: int, firsts: Sequence[int | None]
    ) -> Iterator[tuple[tuple[int, ...], int]]:
        """Leads by the next byte or the one behind it, or by the end of the text; which
        ways each place that is led to has to try, and the one byte that leads there, 0
        where there are several. Its instructions follow at once."""
        beginnings = possible(firsts)
        at_end = tuple(number for number, first in enumerate(firsts) if first is None)
        kinds = list(dict.fromkeys((*beginnings.values(), at_end)))
        if len(kinds) > ENDS:
            raise UnsupportedError
        table = bytearray(ENDS)
        leading: dict[tuple[int, ...], list[int]] = {kind: [] for kind in kinds}
        for mask, kind in beginnings.items():
            number = kinds.index(kind)
            for byte in bits(mask):
                table[byte] = number
                leading[kind].append(byte)
        place = self.tables.setdefault(bytes(table), len(self.tables))
        self.code += (op, place, len(kinds), kinds.index(at_end))
        hole = len(self.code)
        self.code += [0] * len(kinds)
        for number, (kind, of) in enumerate(leading.items()):
            self.code[hole + number] = len(self.code)
            yield kind, of[0] if len(of) == 1 else 0

    def _tries(
        self,
        kind: tuple[int, ...],
        ways: Sequence[Sequence[Node]],
        bodies: Sequence[list[int]],
        flags: int,
    ) -> None:
        """Tries some of the ways, one after the other."""
        if not kind:
            self.code.append(FAIL)
            return
        for number in kind[:-1]:
            text = opening(ways[number], flags)
            if len(text) > 1:
                self.code += (MAYBE_TEXT, len(self.texts), len(text), len(self.code) + 6)
                self.texts += text
                self.code += (JUMP, 0)
            else:
                self.code += (SPLIT, 0, len(self.code) + 3)
                bodies[number].append(len(self.code) - 2)
                continue
            bodies[number].append(len(self.code) - 1)
        self.code += (JUMP, 0)
        bodies[kind[-1]].append(len(self.code) - 1)

    def _guard(self, first: int | None) -> int | None:
        """Leaves where what follows cannot begin; the place of the target."""
        at, seen = self._seen
        if first is None or (at == len(self.code) and seen & ~first == 0):
            return None
        self.code += (GUARD, self._set(first), 0)
        self._seen = len(self.code), first
        return len(self.code) - 1

    def _look(self, given: Any, flags: int, negative: int) -> None:
        direction, nodes = given
        if direction > 0:
            self._look_ahead(nodes, flags, negative)
            return
        low, high = nodes.getwidth()
        if low != high:
            raise UnsupportedError
        self.code += (BEHIND, negative, int(low), 0)
        self._inner(nodes, flags)

    def _look_ahead(self, nodes: Any, flags: int, negative: int) -> None:
        """A look at one byte is one step; another is begun where its first byte is
        there."""
        one = one_of(nodes[0][0].name, nodes[0][1], flags) if len(nodes) == 1 else None
        if one is not None:
            self.code += (PEEK, self._set(one), negative)
            return
        guard = self._guard(first_bytes(nodes, flags)) if negative else None
        self.code += (LOOK, negative, 0)
        self._inner(nodes, flags)
        if guard is not None:
            self.code[guard] = len(self.code)

    def _inner(self, nodes: Any, flags: int) -> None:
        hole = len(self.code) - 1
        self.sequence(nodes, flags)
        self.code.append(DONE)
        self.code[hole] = len(self.code)

    def _atomic(self, given: Any, flags: int) -> None:
        self.code += (ATOMIC, 0)
        self._inner(given, flags)

    def _repeat(self, given: Any, flags: int, how: int) -> None:
        low, high, nodes = given
        high = ENDLESS if high >= ENDLESS or str(high) == "MAXREPEAT" else int(high)
        one = one_of(nodes[0][0].name, nodes[0][1], flags) if len(nodes) == 1 else None
        if one is not None:
            self.code += (how, self._set(one), low, high)
        elif how == POSSESS and self._chain(nodes, flags, low, high):
            pass
        elif how == POSSESS:
            self.code += (ATOMIC, 0)
            hole = len(self.code) - 1
            self._loop(nodes, flags, low, high, lazy=False)
            self.code.append(DONE)
            self.code[hole] = len(self.code)
        else:
            self._loop(nodes, flags, low, high, lazy=how == LAZY)

    def _chain(self, nodes: Any, flags: int, low: int, high: int) -> bool:
        """Words behind marks, as in `(?:\\.[a-z]++)++`, in one step."""
        if len(nodes) != 2 or high != ENDLESS or nodes[1][0].name != "POSSESSIVE_REPEAT":
            return False
        least, most, word = nodes[1][1]
        mark = one_of(nodes[0][0].name, nodes[0][1], flags)
        one = one_of(word[0][0].name, word[0][1], flags) if len(word) == 1 else None
        if least != 1 or str(most) != "MAXREPEAT" or mark is None or one is None:
            return False
        self.code += (CHAIN, self._set(mark), self._set(one), low)
        return True

    def _loop(self, nodes: Any, flags: int, low: int, high: int, *, lazy: bool) -> None:
        """Repeats of more than one byte: written out, or a loop."""
        if nodes.getwidth()[0] == 0 and high > 1:
            raise UnsupportedError  # a turn that takes nothing ends otherwise in Python
        for _ in range(low):
            self.sequence(nodes, flags)
            self._limit()
        first = None if lazy else first_bytes(nodes, flags)
        holes: list[int] = []
        start = len(self.code)
        for _ in range(1 if high == ENDLESS else high - low):
            holes += self._entry(first, nodes, flags, lazy=lazy)
            self.sequence(nodes, flags)
            self._limit()
        if high == ENDLESS:
            self.code += (JUMP, start)
        for hole in holes:
            self.code[hole] = len(self.code)

    def _entry(self, first: int | None, nodes: Any, flags: int, *, lazy: bool) -> list[int]:
        """Enters a turn or leaves the loop; the places of the way out."""
        if lazy:
            self.code += (SPLIT, 0, len(self.code) + 3)
            return [len(self.code) - 2]
        text = opening(nodes, flags)
        if first is None:
            self.code += (SPLIT, len(self.code) + 3, 0)
        elif len(text) > 1:
            self.code += (MAYBE_TEXT, len(self.texts), len(text), 0)
            self.texts += text
            self._seen = len(self.code), first
        else:
            self.code += (MAYBE, self._set(first), 0)
            self._seen = len(self.code), first
        return [len(self.code) - 1]

    def _limit(self) -> None:
        if len(self.code) > MAX_CODE:
            raise UnsupportedError


_Emit = Callable[[_Compiler, Any, int], None]
_EMIT: dict[str, _Emit] = {
    "AT": _Compiler._at,
    "SUBPATTERN": _Compiler._group,
    "BRANCH": _Compiler._branch,
    "GROUPREF": _Compiler._same,
    "ATOMIC_GROUP": _Compiler._atomic,
    "ASSERT": lambda compiler, given, flags: compiler._look(given, flags, 0),
    "ASSERT_NOT": lambda compiler, given, flags: compiler._look(given, flags, 1),
    "MAX_REPEAT": lambda compiler, given, flags: compiler._repeat(given, flags, REPEAT),
    "MIN_REPEAT": lambda compiler, given, flags: compiler._repeat(given, flags, LAZY),
    "POSSESSIVE_REPEAT": lambda compiler, given, flags: compiler._repeat(given, flags, POSSESS),
}
