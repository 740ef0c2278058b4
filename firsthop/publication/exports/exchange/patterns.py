r"""A pattern in the signs that mail flow rules of Exchange are documented to know:
\S \s \D \d \w \W | * ( ) ^ $ and the backslash.

Source:     "Regular Expressions in Transport Rules" (Exchange 2010), the one list of
            signs that Microsoft gives.
Wider:      where a class or a count has no sign, the next wider one stands: \w for any
            class of letters and digits, p* for p? and for what has an upper bound.
            Exchange does not mind the case of letters.
"""

from __future__ import annotations

from firsthop.publication.exports.rules.regex import Class, Piece, Signs, parsed

MOST_REPEATS = 64  # of a piece that is written so often
_LISTED = 16  # characters of a class that are listed


def pattern_of(regex: str) -> str:
    """The pattern. ValueError where it cannot be written."""
    return _Exchange().alternatives(parsed(regex))


class _Exchange(Signs):
    def char(self, char: str) -> str:
        if " " <= char <= "~":
            return super().char(char)
        return r"\w" if char.isalnum() else r"\S"

    def of_class(self, one: Class) -> str:
        if one.negated:
            return self._negated(one)
        if one.ranges == (("0", "9"),):
            return r"\d"
        if all(a.isalnum() and b.isalnum() for a, b in one.ranges):
            return r"\w"
        chars = [chr(n) for a, b in one.ranges for n in range(ord(a), ord(b) + 1)]
        if len(chars) > _LISTED:
            return r"\S" if " " not in chars else r"(\S|\s)"
        return f"({'|'.join(map(self.char, chars))})"

    def _negated(self, one: Class) -> str:
        if {("A", "Z"), ("a", "z"), ("0", "9")} <= set(one.ranges):
            return r"\W"
        return r"(\S|\s)" if one.holds(" ") else r"\S"

    def repeated(self, piece: Piece, least: int, most: int | None) -> str:
        if least > MOST_REPEATS:
            raise ValueError(f"a piece {least} times")
        text = self.piece(piece)
        return text * least + ("" if most == least else f"{text}*")
