"""Values of a message as Exim's expansions, for conditions that compare two of them.

Source:     Exim 4.96 specification, chapter 11: `${address:...}`, `${addresses:...}`,
            `${rxquote:...}`; `$rh_` is a field as it stands, with the blank before it,
            `$bh_` and `$h_` without it and with RFC 2047 decoded, to octets and to
            UTF-8. Chapter 14, return_path_remove: Return-Path is hidden, being what the
            last server writes: the envelope's sender.
"""

from __future__ import annotations

from firsthop.publication.exports.rules.conditions import Compared, Value

REGISTRABLE = (
    "it takes the Public Suffix List to know which part of a host name was registered, and this "
    "engine has none"
)
UNEQUAL = "this engine is only asked whether two values are equal"
SEVERAL = "both sides have several values"


def unfolded(field: str) -> str:
    """The values of all fields of an expansion, one a line."""
    return rf"${{sg{{{field}}}{{\N\r?\n[ \t]+\N}}{{ }}}}"


def field_of(name: str, *, decoded: bool) -> str:
    """The values of the fields of a name, one a line."""
    if name == "return-path":
        return "<$sender_address>"
    return unfolded(f"${'h' if decoded else 'bh'}_{name}:")


_FROM, _TO = "${address:$rh_from:}", "$rh_to:"
_FIRST_TO = "${listextract{1}{${addresses:$rh_to:}}}"
_ID = r"${if match{$rh_message-id:}{\N@([^>\s@]+\.[^>\s@]+)>?\s*$\N}{${lc:$1}}}"
_NAME = r"${if match{$h_from:}{\N^[\s\x22]*([^\x22<]*?)[\s\x22]*<\N}{${lc:$1}}}"
_SINGLE = {
    Value.SUBJECT: "${lc:" + unfolded("$h_subject:") + "}",
    Value.AUTHOR: f"${{lc:{_FROM}}}",
    Value.AUTHOR_LOCAL_PART: f"${{lc:${{local_part:{_FROM}}}}}",
    Value.AUTHOR_DOMAIN: f"${{lc:${{domain:{_FROM}}}}}",
    Value.DISPLAY_NAME: _NAME,
    Value.RECIPIENT_LOCAL_PART: f"${{lc:${{local_part:{_FIRST_TO}}}}}",
    Value.ID_HOST: _ID,
    Value.REPLY_DOMAIN: "${lc:${domain:${address:$rh_reply-to:}}}",
}
# values of which a message may have several: where, and what stands around one
_ONE_OF = {
    Value.RECIPIENT: (_TO, r"\N(?i)\N", ""),
    Value.HELO: (
        unfolded("$bh_received:"),
        r"\N(?mi)(^[ \t]*from|helo|ehlo)[ \t=]+\[?\N",
        r"\N[])\s(>;,\x22]\N",
    ),
}


def why_not(condition: Compared) -> str | None:
    """Why a relation cannot be asked; None where it can."""
    if condition.registrable:
        return REGISTRABLE
    if not condition.equal:
        return UNEQUAL
    return SEVERAL if {condition.left, condition.right} <= _ONE_OF.keys() else None


def relation(condition: Compared) -> str:
    """The condition that two values are equal, and there."""
    single, other = condition.left, condition.right
    if single in _ONE_OF:
        single, other = other, single
    value = _SINGLE[single]
    there = f"!eq{{{value}}}{{}}"
    if other in _ONE_OF:
        text, before, after = _ONE_OF[other]
        same = f"match{{{text}}}{{{before}${{rxquote:{value}}}{after}}}"
    else:
        same = f"eq{{{value}}}{{{_SINGLE[other]}}}"
    return f"and{{{{{there}}}{{{same}}}}}"
