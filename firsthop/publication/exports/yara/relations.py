"""Two values of a mail that are equal, as YARA can be asked it: byte by byte, without
regard to the case of letters, where both stand unencoded.

A whole value is found with one byte before and one behind it; of another only the place
where it begins is found, and behind it a byte must follow that ends it.
Wider:      any address in To is compared, not only the first one.
Form:       `| 0x20` makes a small letter of a capital one; the other pairs that it
            makes equal (@ and `, [ and {) stand in no local part and no host name.
"""

from __future__ import annotations

from typing import NamedTuple

from firsthop.publication.exports.rules.conditions import Compared, Value
from firsthop.publication.exports.yara.raw import named

REGISTRABLE = "it knows no Public Suffix List"
DIFFERENT = "that two values differ cannot be asked byte by byte"
NOT_COMPARED = "these two values are not compared byte by byte"

_LOCAL = r"[A-Za-z0-9_.+\x2d]{1,64}"
_HOST = r"[A-Za-z0-9.\x2d]{1,253}[^A-Za-z0-9.\x2d]"
_WHOLE = {
    Value.AUTHOR: ("from", rf"[<: \t]{_LOCAL}@{_HOST}"),
    Value.AUTHOR_LOCAL_PART: ("from", rf"[<: \t]{_LOCAL}@"),
    Value.AUTHOR_DOMAIN: ("from", f"@{_HOST}"),
    Value.RECIPIENT: ("to", rf"[<: \t,]{_LOCAL}@{_HOST}"),
    Value.RECIPIENT_LOCAL_PART: ("to", rf"[<: \t]{_LOCAL}@"),
    Value.ID_HOST: ("message-id", f"@{_HOST}"),
}
_GAP = r"([ \t]|\r?\n[ \t])*"
_LINE_END = (0x0D, 0x0A)


class _Begin(NamedTuple):
    """Where a value begins: behind a match."""

    regex: str
    ends: tuple[int, ...]  # bytes that end it


_BEGIN = {
    Value.SUBJECT: _Begin(named(("subject",), caseless=True) + _GAP, _LINE_END),
    Value.DISPLAY_NAME: _Begin(
        named(("from",), caseless=True) + _GAP + r"\x22?", (0x22, 0x20, 0x09, 0x3C, 0x0D)
    ),
    Value.HELO: _Begin(
        named(("received",), caseless=True) + _GAP + r"from[ \t]+\[?|[( \t][eh][eh]lo[ =]\[?",
        (0x20, 0x09, 0x28, 0x29, 0x3B, 0x5D, *_LINE_END),
    ),
}
_PAIRS = (
    (Value.AUTHOR_LOCAL_PART, Value.SUBJECT),
    (Value.RECIPIENT_LOCAL_PART, Value.SUBJECT),
    (Value.AUTHOR_LOCAL_PART, Value.DISPLAY_NAME),
    (Value.AUTHOR, Value.RECIPIENT),
    (Value.ID_HOST, Value.HELO),
    (Value.ID_HOST, Value.AUTHOR_DOMAIN),
)


class Asked(NamedTuple):
    """A relation: strings by name, all without regard to case, and the condition."""

    strings: tuple[tuple[str, str], ...]
    condition: str


def why_not(one: Compared) -> str | None:
    """Why it cannot be asked; None where it can."""
    if one.registrable:
        return REGISTRABLE
    if not one.equal:
        return DIFFERENT
    return None if _pair(one) else NOT_COMPARED


def asked(one: Compared, name: str) -> Asked:
    """The relation; the names of its strings begin with `name`."""
    pair = _pair(one)
    if pair is None:
        raise ValueError(NOT_COMPARED)
    left, right = pair
    field, regex = _WHOLE[left]
    strings = [(f"{name}_field", _whole_field(field)), (f"{name}_left", regex)]
    if right in _BEGIN:
        begin = _BEGIN[right]
        strings.append((f"{name}_right", begin.regex))
        return Asked(
            tuple(strings), _compared(name, _in_header(f"{name}_right"), _begins(name, begin))
        )
    other, regex = _WHOLE[right]
    strings += [(f"{name}_other", _whole_field(other)), (f"{name}_right", regex)]
    return Asked(
        tuple(strings), _compared(name, _within(name, "right", "other", "r"), _equals(name))
    )


def _pair(one: Compared) -> tuple[Value, Value] | None:
    return next((p for p in _PAIRS if {*p} == {one.left, one.right}), None)


def _whole_field(name: str) -> str:
    return named((name,), caseless=True) + r"([^\r\n]|\r?\n[ \t])*"


def _in_header(string: str) -> str:
    return f"(#end == 0 or @{string}[r] <= @end[1])"


def _within(name: str, value: str, field: str, index: str) -> str:
    """Whether a value lies in one of the fields, and that in the header."""
    at = f"@{name}_{value}[{index}]"
    begin = f"@{name}_{field}[f]"
    return (
        f"for any f in (1..#{name}_{field}) : ((#end == 0 or {begin} <= @end[1]) and "
        f"{begin} <= {at} and {at} < {begin} + !{name}_{field}[f])"
    )


def _compared(name: str, right_lies: str, same: str) -> str:
    return (
        f"for any l in (1..#{name}_left) : ({_within(name, 'left', 'field', 'l')} and "
        f"for any r in (1..#{name}_right) : ({right_lies} and {same}))"
    )


def _equals(name: str) -> str:
    left, right = f"{name}_left[l]", f"{name}_right[r]"
    return (
        f"!{left} == !{right} and for all k in (1..!{left} - 2) : "
        f"((uint8(@{left} + k) | 0x20) == (uint8(@{right} + k) | 0x20))"
    )


def _begins(name: str, begin: _Begin) -> str:
    left, right = f"{name}_left[l]", f"{name}_right[r]"
    behind = f"uint8(@{right} + !{right} + !{left} - 2)"
    ends = " or ".join(f"{behind} == 0x{one:02x}" for one in begin.ends)
    return (
        f"({ends}) and for all k in (1..!{left} - 2) : "
        f"((uint8(@{left} + k) | 0x20) == (uint8(@{right} + !{right} + k - 1) | 0x20))"
    )
