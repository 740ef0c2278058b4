"""A regular expression that is compiled when it is first used: the tables hold a
thousand, of which one message asks a few dozen, and some long ones of the program are
asked by few messages.

It is used as an `re.Pattern` is. That an expression is one at all is found out by the
first use; a test compiles those of every table (tests/linear/collect.py)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from firsthop.errors import TableError
from firsthop.system.kept_expressions import compiled

_USES = ("finditer", "fullmatch", "match", "search")
Search = Callable[[str], re.Match[str] | None]
_NAMED = compiled(r"\(\?P<(\w+)>")


class Expression:
    """One expression. Attributes that are not set yet are those of the compiled one;
    from then on they are called without a detour."""

    __slots__ = ("finditer", "flags", "fullmatch", "match", "pattern", "search", "where")
    pattern: str
    where: str
    flags: int
    search: Search
    match: Search
    fullmatch: Search
    finditer: Callable[[str], Iterator[re.Match[str]]]

    def __init__(self, where: str, pattern: str, flags: int = 0) -> None:
        self.where = where  # the table and section, for who reads of a mistake
        self.pattern = pattern
        self.flags = flags

    def __getattr__(self, name: str) -> Any:
        if name not in _USES:
            raise AttributeError(name)
        self.compile()
        return getattr(self, name)

    def compile(self) -> re.Pattern[str]:
        """The compiled expression. TableError names the table of one that is none."""
        try:
            made = compiled(self.pattern, self.flags)
        except re.error as error:
            raise TableError(f"{self.where}: {self.pattern!r}: {error}") from error
        self.search, self.match = made.search, made.match
        self.fullmatch, self.finditer = made.fullmatch, made.finditer
        return made

    def names(self) -> tuple[str, ...]:
        """The names of its groups, in their order."""
        return tuple(_NAMED.findall(self.pattern))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expression) and self._told == other._told

    def __hash__(self) -> int:
        return hash(self._told)

    @property
    def _told(self) -> tuple[str, int]:
        return self.pattern, self.flags

    def __repr__(self) -> str:
        return f"Expression({self.pattern!r})"

    def __reduce__(self) -> tuple[type[Expression], tuple[str, str, int]]:
        return Expression, (self.where, self.pattern, self.flags)
