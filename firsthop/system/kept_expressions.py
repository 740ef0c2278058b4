"""Keeps what Python makes of regular expressions in `__pycache__`, as it keeps itself
what it makes of a module: compiling them was the half of a start.

An expression of the program or of a table is compiled here, never one that came with a
mail or from the operator. What is kept holds for the very Python that made it; its
engine (`_sre`) looks at each before it takes it. The way to that engine is none of
Python's promises (`re._compiler`): where it is another, or where nothing can be
written, each start compiles anew (PYTHONDONTWRITEBYTECODE, PYTHONPYCACHEPREFIX).
"""

from __future__ import annotations

import re
import sys
from typing import Any, AnyStr

from firsthop.system.kept_pieces import KeptPieces, place_beside

MAX_KEPT = 4_096  # expressions: the program and its tables have half as many

Key = tuple[str | bytes, int]  # as it is written, and its flags
# all its flags, its groups, their names, and its code: steps of four bytes
Made = tuple[int, int, dict[str, int], bytes]

_compiler: Any = getattr(re, "_compiler", None)
_parser: Any = getattr(re, "_parser", None)
_MISFIT = (AttributeError, EOFError, LookupError, RuntimeError, TypeError, ValueError)


def compiled(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` makes, sooner where it was made before."""
    key = pattern, int(flags)
    try:
        made: re.Pattern[AnyStr] = _kept.pattern(key) or _kept.new(key)
    except _MISFIT:
        return re.compile(pattern, flags)
    return made


class KeptExpressions(KeptPieces):
    """The expressions that are kept in one file, and those that came since."""

    def __init__(self, place: str) -> None:
        super().__init__(place, _maker, lambda: MAX_KEPT)

    def pattern(self, key: Key) -> Any:
        """The expression as it is kept; None if it is not."""
        made = self.get(key)
        return None if made is None else _pattern(key[0], made)

    def new(self, key: Key) -> Any:
        """The expression, compiled now; the end of the program keeps it."""
        parsed = _parser.parse(*key)
        state, steps = parsed.state, _compiler._code(parsed, key[1])
        code = b"".join(step.to_bytes(4, sys.byteorder) for step in steps)
        made = key[1] | state.flags, state.groups - 1, dict(state.groupdict), code
        self.add(key, made)
        return _pattern(key[0], made)


def _pattern(source: str | bytes, made: Made) -> Any:
    """An expression from its code, as `re._compiler.compile` ends."""
    flags, groups, names, code = made
    by_place: list[str | None] = [None] * (groups + 1)
    for name, place in names.items():
        by_place[place] = name
    steps = memoryview(code).cast("I").tolist()
    return _compiler._sre.compile(source, flags, steps, groups, names, tuple(by_place))


def _maker() -> tuple[str, str, int]:
    """The Python that a code holds for."""
    return sys.version, sys.byteorder, getattr(getattr(_compiler, "_sre", None), "MAGIC", 0)


# in an archive there is no bytecode
_kept = KeptExpressions(place_beside(__spec__.cached or __file__))
