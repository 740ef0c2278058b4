"""A pattern of a condition as a tree, for engines whose language of patterns is not the
common one: each writes the tree in its own signs.

Form:       that of `conditions.Pattern`, which `patterns` and `translate` make; a class
            may begin with `]`, or with `^` and then `]`, as everywhere.
Raises:     ValueError for what is not of that form.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Char:
    """One character as it is."""

    char: str


@dataclass(frozen=True, slots=True)
class Class:
    """One character of a class; or, `negated`, one that is not of it."""

    negated: bool
    ranges: tuple[tuple[str, str], ...]  # first and last character of each

    def holds(self, char: str) -> bool:
        """Whether the class, negated or not, has the character."""
        return any(a <= char <= b for a, b in self.ranges) is not self.negated


@dataclass(frozen=True, slots=True)
class Start:
    """The begin of the text."""


@dataclass(frozen=True, slots=True)
class End:
    """The end of the text."""


@dataclass(frozen=True, slots=True)
class Group:
    """Alternatives in brackets."""

    alternatives: Alternatives


@dataclass(frozen=True, slots=True)
class Repeat:
    """A piece, from `least` to `most` times; None: without a bound."""

    piece: Piece
    least: int
    most: int | None


Piece: TypeAlias = Char | Class | Start | End | Group | Repeat
Sequent: TypeAlias = tuple[Piece, ...]
Alternatives: TypeAlias = tuple[Sequent, ...]


def parsed(regex: str) -> Alternatives:
    """The pattern as a tree. It holds no back-references."""
    reader = _Reader(regex)
    tree = reader.alternatives()
    if reader.rest():
        raise ValueError(f"no pattern of the common form: {regex!r}")
    return tree


class _Reader:
    def __init__(self, regex: str) -> None:
        self._regex, self._at = regex, 0

    def rest(self) -> str:
        return self._regex[self._at :]

    def _next(self) -> str:
        if self._at >= len(self._regex):
            raise ValueError(f"a pattern ends too early: {self._regex!r}")
        self._at += 1
        return self._regex[self._at - 1]

    def _met(self, sign: str) -> bool:
        if self._regex.startswith(sign, self._at):
            self._at += len(sign)
            return True
        return False

    def alternatives(self) -> Alternatives:
        found = [self._sequence()]
        while self._met("|"):
            found.append(self._sequence())
        return tuple(found)

    def _sequence(self) -> Sequent:
        pieces: list[Piece] = []
        while self.rest() and self._regex[self._at] not in "|)":
            pieces.append(self._repeated(self._piece()))
        return tuple(pieces)

    def _piece(self) -> Piece:
        sign = self._next()
        if sign == "(":
            group = Group(self.alternatives())
            if not self._met(")"):
                raise ValueError(f"a bracket stays open: {self._regex!r}")
            return group
        if sign == "[":
            return self._class()
        if sign == "\\":
            return Char(self._escaped())
        if sign in "^$":
            return Start() if sign == "^" else End()
        if sign in "*+?{":
            raise ValueError(f"nothing to repeat: {self._regex!r}")
        return Char(sign)

    def _escaped(self) -> str:
        sign = self._next()
        if sign.isalnum():
            raise ValueError(f"a sign that is not of the common form: \\{sign}")
        return sign

    def _class(self) -> Class:
        negated = self._met("^")
        ranges: list[tuple[str, str]] = []
        while True:
            first = self._next()
            if first == "]" and ranges:
                return Class(negated, tuple(ranges))
            if first == "\\":
                first = self._escaped()
            last = first
            if self._met("-"):
                if self._met("]"):
                    return Class(negated, (*ranges, (first, first), ("-", "-")))
                last = self._next()
            ranges.append((first, last))

    def _repeated(self, piece: Piece) -> Piece:
        if self._met("?"):
            return Repeat(piece, 0, 1)
        if self._met("*"):
            return Repeat(piece, 0, None)
        if self._met("+"):
            return Repeat(piece, 1, None)
        if self._met("{"):
            counts = ""
            while not self._met("}"):
                counts += self._next()
            least, comma, most = counts.partition(",")
            return Repeat(piece, int(least), (int(most) if most else None) if comma else int(least))
        return piece


def count(least: int, most: int | None) -> str:
    """How often, in the common signs."""
    if (least, most) == (0, 1):
        return "?"
    if most is None:
        return {0: "*", 1: "+"}.get(least, f"{{{least},}}")
    return f"{{{least}}}" if least == most else f"{{{least},{most}}}"


class Signs:
    """The signs of a language of patterns: the common ones. A language that has others
    says so in a class of its own."""

    def char(self, char: str) -> str:
        """One character as it is."""
        return f"\\{char}" if char in ".[]{}()*+?^$|\\" else char

    def of_class(self, one: Class) -> str:
        """One character of a class."""
        inner = "".join(
            self.in_class(a) if a == b else f"{self.in_class(a)}-{self.in_class(b)}"
            for a, b in one.ranges
        )
        return f"[{'^' if one.negated else ''}{inner}]"

    def in_class(self, char: str) -> str:
        """A character within a class."""
        return f"\\{char}" if char in r"\]^-[" else char

    def start(self) -> str:
        """The begin of the text."""
        return "^"

    def end(self) -> str:
        """The end of the text."""
        return "$"

    def repeated(self, piece: Piece, least: int, most: int | None) -> str:
        """A piece several times."""
        return self.piece(piece) + count(least, most)

    def piece(self, piece: Piece) -> str:
        """Any piece."""
        match piece:
            case Char(char):
                return self.char(char)
            case Class():
                return self.of_class(piece)
            case Start():
                return self.start()
            case End():
                return self.end()
            case Group(alternatives):
                return f"({self.alternatives(alternatives)})"
            case Repeat(inner, least, most):
                return self.repeated(inner, least, most)

    def sequence(self, pieces: Iterable[Piece]) -> str:
        """Pieces in a row."""
        return "".join(map(self.piece, pieces))

    def alternatives(self, tree: Alternatives) -> str:
        """Sequences of which one is found."""
        return "|".join(map(self.sequence, tree))


def led(tree: Alternatives, start: str, anywhere: str, signs: Signs) -> str:
    """A pattern that is searched for in a text, where the begin of the text is `start`
    and what may stand before the pattern is `anywhere`: both are led into the
    alternatives that a pattern may begin with. `start` is left out where the pattern
    goes on with a repetition that may be empty: it is for the repetition to take what
    stands at the begin. Behind `anywhere` such a repetition means nothing, and would
    cost the square of the text."""
    return "|".join(_led(one, start, anywhere, signs) for one in tree)


def _led(pieces: Sequence[Piece], start: str, anywhere: str, signs: Signs) -> str:
    if pieces and isinstance(pieces[0], Start):
        taken = len(pieces) > 1 and _is_any_number(pieces[1])
        return ("" if taken else start) + signs.sequence(pieces[1:])
    if pieces and isinstance(pieces[0], Group):
        first = led(pieces[0].alternatives, start, anywhere, signs)
        return f"({first}){signs.sequence(pieces[1:])}"
    while pieces and _is_any_number(pieces[0]):
        pieces = pieces[1:]
    return anywhere + signs.sequence(pieces)


def _is_any_number(piece: Piece) -> bool:
    return isinstance(piece, Repeat) and piece.least == 0 and piece.most is None
