r"""Two values of a message that are equal, as an expression over ALL, the decoded and
unfolded header: the value that comes first is captured, the other is a back-reference.

Never:      uses SpamAssassin's captures %{NAME}: a child of spamd keeps those of the
            mail that it saw before.
Source:     Mail::SpamAssassin::Conf, "header SYMBOLIC_TEST_NAME header op /pattern/";
            one field is one line of ALL.
"""

from __future__ import annotations

from typing import NamedTuple

from firsthop.publication.exports.rules.conditions import Compared, Value


class _Place(NamedTuple):
    """Where a value stands: its field, what is before and behind it, and its form."""

    field: str
    before: str
    form: str
    behind: str


_ADDRESS_SIGN = r"[^\s<>\x22\x40,;:()]"
_QUOTED = r"[ \t]*\x22[^\x22\n]{0,500}\x22[ \t]*<"
_BARE = r"[ \t]*(?![^\n]*<)"
_AUTHOR = rf"(?:{_QUOTED}|[^\n<]{{0,500}}<|{_BARE})[ \t]*"  # words before a comma are no box
_BOX = rf"(?:{_QUOTED}|[^\n<,]{{0,500}}<|{_BARE})[ \t]*"
_END = r"(?=[\s<>,;:()\x22\x27\x5b\x5d]|$)"
_DOMAIN = rf"{_ADDRESS_SIGN}{{1,255}}"
_LOCAL = rf"{_ADDRESS_SIGN}{{1,64}}"

_PLACES = {
    Value.SUBJECT: _Place("Subject", r"[ \t]*", r"[^\n]{1,200}?", r"[ \t]*$"),
    Value.AUTHOR: _Place("From", _AUTHOR, rf"{_LOCAL}\x40{_DOMAIN}", _END),
    Value.AUTHOR_LOCAL_PART: _Place("From", _AUTHOR, _LOCAL, r"\x40"),
    Value.AUTHOR_DOMAIN: _Place("From", rf"{_AUTHOR}{_LOCAL}\x40", _DOMAIN, _END),
    Value.RECIPIENT: _Place(
        "To", r"(?:[^\n]{0,2000}?[\s<,:;(\x22\x27])?", rf"{_LOCAL}\x40{_DOMAIN}", _END
    ),
    Value.RECIPIENT_LOCAL_PART: _Place("To", _BOX, _LOCAL, r"\x40"),
    Value.HELO: _Place(
        "Received",
        r"[ \t]*(?:from[ \t]+|[^\n]{0,500}?(?:helo|ehlo)[ =]+)\x5b?",
        r"[^\s<>()\x5b\x5d;,]{1,255}",
        _END,
    ),
    Value.ID_HOST: _Place(
        "Message-ID", r"[^\n]{0,500}\x40", r"[^\s<>\x40.]{1,63}\.[^\s<>\x40]{1,255}", r"(?=[\s>]|$)"
    ),
}
REGISTRABLE = "SpamAssassin's rules cannot take the registrable domain of a name"
UNEQUAL = "SpamAssassin's rules compare two values by a back-reference, which tells equality only"
NO_PLACE = "no rule of SpamAssassin is written for the place of one of the two values"


_WITHIN = {
    frozenset({Value.DISPLAY_NAME, Value.AUTHOR_LOCAL_PART}): (
        r"^From:[ \t]*\x22?([^\n\x22<]{1,200}?)\x22?[ \t]*<[ \t]*\1\x40"
    ),
}
"""Pairs that stand in one field."""


def why_not_compared(condition: Compared) -> str | None:
    """Why two values cannot be compared; None where they can."""
    if condition.registrable:
        return REGISTRABLE
    if not condition.equal:
        return UNEQUAL
    pair = frozenset({condition.left, condition.right})
    if pair in _WITHIN:
        return None
    return NO_PLACE if pair - _PLACES.keys() or len(_fields(condition)) == 1 else None


def relation_regex(condition: Compared) -> str:
    """The expression for two values that are equal, for the flags i and m."""
    within = _WITHIN.get(frozenset({condition.left, condition.right}))
    if within is not None:
        return within
    left, right = _PLACES[condition.left], _PLACES[condition.right]
    return f"(?:{_in_order(left, right, 1)}|{_in_order(right, left, 2)})"


def _fields(condition: Compared) -> set[str]:
    return {_PLACES[one].field for one in (condition.left, condition.right)}


def _in_order(first: _Place, second: _Place, group: int) -> str:
    return (
        f"^{first.field}:{first.before}({first.form}){first.behind}"
        rf"(?:[^\n]*\n)+?{second.field}:{second.before}\{group}{second.behind}"
    )
