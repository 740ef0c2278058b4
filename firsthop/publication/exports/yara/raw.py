"""A pattern as it is searched for in the raw bytes of a mail: folded fields (RFC 5322
section 2.2.3), encoded words in Q (RFC 2047), quoted-printable bodies (RFC 2045).

Cannot:     be found where base64 hides the text: such mail is counted as not found.
Form:       YARA's and Python's regular expressions over bytes; what is no letter and no
            digit of the value is written as \\xNN, so nothing of it can act.
Cost:       linear: no two alternatives of a repetition begin alike.
"""

from __future__ import annotations

from collections.abc import Iterable

from firsthop.publication.exports.rules.regex import (
    Char,
    Class,
    End,
    Piece,
    Repeat,
    Signs,
    count,
    led,
    parsed,
)

_FOLD = r"\r?\n[ \t]"
_ANY = rf"([^\r\n]|{_FOLD})*"
_BLANK = rf"([ \t]|{_FOLD})"
_SOFT = r"(=\r?\n)?"  # a soft line break of quoted-printable
_LINK_ENDS = " \t\r\n\"'<>"
_VALUE_END = r"([ \t]*\r?\n([^ \t]|$)|[ \t]*$)"


def of_field(names: tuple[str, ...], regex: str, *, caseless: bool, decoded: bool) -> str:
    """A pattern for one of the fields of these names whose value has `regex`."""
    signs = _Words() if decoded else _Field()
    value = led(parsed(regex), f"{_BLANK}*", _ANY, signs)
    value = value.replace(f"{_ANY}{signs.blank}+", f"{_ANY}{signs.blank}")
    return f"{named(names, caseless=caseless)}({value})"


def named(names: tuple[str, ...], *, caseless: bool) -> str:
    """A pattern for the begin of one of the fields of these names. Where the pattern as
    a whole minds case, the name does not."""
    spelled = ("".join(_spelled(c, caseless) for c in name) for name in names)
    return rf"(^|\n)({'|'.join(spelled)})[ \t]*:"


def _spelled(char: str, caseless: bool) -> str:
    return f"[{char.upper()}{char}]" if char.isalpha() and not caseless else byte(ord(char))


def of_text(regex: str) -> str:
    """A pattern for words of a body."""
    return led(parsed(regex), "", "", _Text())


def of_link(regex: str) -> str:
    """A pattern for a link in a body, from its scheme on, in which no line is broken:
    its four letters are what an engine looks for first."""
    signs = _Link()
    scheme = signs.alternatives(parsed("https?://"))
    return led(parsed(regex), "", "", signs).replace(scheme, rf"https?:\x2f\x2f{_SOFT}")


def byte(number: int) -> str:
    """One byte that stands for itself."""
    char = chr(number)
    return char if char.isascii() and (char.isalnum() or char in "_@:") else f"\\x{number:02x}"


def _bytes(data: bytes) -> str:
    return "".join(map(byte, data))


def _written(char: str) -> list[str]:
    """The ways in which a character that is not ASCII is written: in UTF-8 or Latin-1,
    as bytes or as =XX."""
    forms = [char.encode()]
    if ord(char) < 256:
        forms.append(char.encode("latin-1"))
    return [
        way for one in forms for way in (_bytes(one), "".join(f"\\x3d{octet:02X}" for octet in one))
    ]


class _Raw(Signs):
    """What fields and bodies share."""

    blank = _BLANK  # one step of white space
    inside = _FOLD  # what a class that does not name it may hold beside its own
    closed = "\r\n"  # what no class may hold

    def char(self, char: str) -> str:
        if char == " ":
            return f"{self.blank}+"
        if char.isascii():
            return byte(ord(char))
        cases = dict.fromkeys((char, char.lower(), char.upper()))
        ways = dict.fromkeys(way for one in cases if len(one) == 1 for way in _written(one))
        return f"({'|'.join(ways)})"

    def in_class(self, char: str) -> str:
        if not char.isascii():
            raise ValueError("a class of characters that are not ASCII")
        return char if char.isalnum() else f"\\x{ord(char):02x}"

    def of_class(self, one: Class) -> str:
        if one.negated:
            return self._negated(one)
        own = tuple((a, b) for a, b in one.ranges if a != " ")
        if own == one.ranges:
            return super().of_class(one)
        return f"({super().of_class(Class(False, own))}|{self.blank})" if own else self.blank

    def _negated(self, one: Class) -> str:
        blank = one.holds(" ")
        closed = self.closed if blank else self.closed + " \t"
        ranges = dict.fromkeys((*one.ranges, *((c, c) for c in closed)))
        plain = super().of_class(Class(True, tuple(ranges)))
        return f"({plain}|{self.inside})" if blank and self.inside else plain

    def sequence(self, pieces: Iterable[Piece]) -> str:
        """Pieces in a row. Blanks before the end are the end's to take."""
        row = list(pieces)
        if len(row) > 1 and row[-2:] == [Repeat(Char(" "), 0, None), End()]:
            del row[-2]
        return super().sequence(row)

    def repeated(self, piece: Piece, least: int, most: int | None) -> str:
        if piece == Char(" "):
            return f"{self.blank}{'*' if least == 0 else '+'}"
        return super().repeated(piece, least, most)

    def end(self) -> str:
        return _VALUE_END


class _Field(_Raw):
    """The value of a field."""


class _Words(_Raw):
    """Words of a field, as they are or as encoded words in Q."""

    blank = rf"([ \t_]|{_FOLD}|\x3d20)"
    inside = rf"{_FOLD}|\x3d[0-9A-Fa-f]{{2}}|\x3d\?[A-Za-z0-9-]{{2,20}}\?[Qq]\?"


class _Text(_Raw):
    """The text of a body, plain or between tags."""

    blank = r"([ \t\r\n]|\x3d(\r?\n|20|A0|C2\x3dA0)|\xc2?\xa0|&nbsp;|<[^<>]{0,200}>)"
    inside = ""
    closed = ""


class _Link(_Raw):
    """A link in a body; within it lines may be broken softly."""

    inside = ""
    closed = _LINK_ENDS

    def char(self, char: str) -> str:
        if char == "=":
            return r"\x3d(3D)?"
        return super().char(char) + _SOFT

    def _negated(self, one: Class) -> str:
        return f"({super()._negated(Class(True, (*one.ranges, ('=', '='))))}|\\x3d(\\r?\\n|3D))"

    def of_class(self, one: Class) -> str:
        return super().of_class(one) + ("" if one.negated else _SOFT)

    def end(self) -> str:
        return r"([ \t\r\n\x22\x27<>)\]]|$)"

    def repeated(self, piece: Piece, least: int, most: int | None) -> str:
        return f"({self.piece(piece)}){count(least, most)}"
