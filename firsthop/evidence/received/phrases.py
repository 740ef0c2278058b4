"""The comments and values that a table knows, tried together: one expression for all of
them, whose first match tells the one that fits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from firsthop.evidence.host.address import read_address
from firsthop.system.expression import Expression
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

ADDRESSES = ("client_address", "by_address")
MAX_KNOWN = 512  # characters: a longer comment or value is nothing that a table knows
_NAMED = compiled(r"\(\?P<(\w+)>")

Says = tuple[tuple[str, Any], ...]


class Pattern(NamedTuple):
    """One known comment or value: its expression and what it says by being there."""

    clause: str | None
    expression: Expression
    says: Says
    unclaimed: bool = False  # tried only where no table named the software
    alone: bool = False  # tried only where the clause has no comment

    def read(self, text: str) -> Says | None:
        """What the text says, where it is this phrase and its addresses are
        addresses."""
        match = self.expression.fullmatch(text)
        return (
            self._says([(name, match[name]) for name in self.expression.names()]) if match else None
        )

    def _says(self, captured: list[tuple[str, str | None]]) -> Says | None:
        values = tuple([pair for pair in captured if pair[1] is not None])
        for name, value in values:
            if name in ADDRESSES and not read_address(str(value)):
                return None
        return values + self.says if self.says else values


class Phrases:
    """Several patterns in order."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._patterns = tuple(patterns)
        self._any = compiled(
            "|".join(
                f"(?P<_{place}>{_renamed(p.expression, place)})"
                for place, p in enumerate(self._patterns)
            )
            or r"(?!)"
        )
        self._names = {
            f"_{place}": (p, [(name, f"{name}_{place}") for name in p.expression.names()])
            for place, p in enumerate(self._patterns)
        }

    def expressions(self) -> list[Expression]:
        """The expressions, in order: for who runs them elsewhere."""
        return [pattern.expression for pattern in self._patterns]

    def read(self, text: str) -> Says | None:
        """What the text says by the first pattern that is all of it; None: nobody knows
        it."""
        if len(text) > MAX_KNOWN:
            return None
        match = self._any.fullmatch(text)
        if match is None:
            return None
        pattern, names = self._names[match.lastgroup or ""]
        says = pattern._says([(name, match[renamed]) for name, renamed in names])
        return self._next(pattern, text) if says is None else says

    def _next(self, refused: Pattern, text: str) -> Says | None:
        """The patterns behind one whose address was none."""
        for pattern in self._patterns[self._patterns.index(refused) + 1 :]:
            if (says := pattern.read(text)) is not None:
                return says
        return None


def _renamed(expression: Expression, place: int) -> str:
    """The expression with the names of its groups made unique."""
    return _NAMED.sub(lambda name: f"(?P<{name[1]}_{place}>", expression.pattern)
