"""What features of the program that wrote a message mean to a filter: each function
takes a value of the family it is called by, and gives None where no pattern can be
written."""

from __future__ import annotations

from firsthop.publication.exports.rules import patterns
from firsthop.publication.exports.rules.conditions import (
    Compared,
    Condition,
    FieldAbsent,
    FieldMatches,
    Pattern,
    Value,
)
from firsthop.publication.exports.rules.pieces import all_of, around, field_matches, whole

_MAILER_CUT = 80  # of the family mailer
_MAILER = ("x-mailer", "user-agent")
_BOUNDARY = '[Bb][Oo][Uu][Nn][Dd][Aa][Rr][Yy] *= *"?'
_BOUNDARY_END = '("|;| |$)'


def mailer(value: str) -> Condition | None:
    core = patterns.digits_masked(value)
    if core is None:
        return None
    end = "" if len(value) >= _MAILER_CUT else " *$"
    return field_matches(_MAILER, f"^ *{core}{end}", caseless=False, decoded=not value.isascii())


def id_shape(value: str) -> Condition | None:
    shape, _, relation = value.rpartition(" @")
    if relation == "~":  # a pattern of its classes alone would find digits for letters too
        return None
    core = patterns.shaped(shape, "@" if relation != "none" else " *>")
    if core is None:
        return None
    conditions: list[Condition] = [
        FieldMatches(("message-id",), Pattern(f"^ *<? *{core}")),
        *_ID_HOST.get(relation, ()),
    ]
    return all_of(tuple(conditions))


_ID_HOST: dict[str, tuple[Condition, ...]] = {
    "author": (Compared(Value.ID_HOST, Value.AUTHOR_DOMAIN),),
    "helo": (Compared(Value.ID_HOST, Value.HELO),),
    "other": (FieldMatches(("message-id",), Pattern(r"@[^@]*\.")),),
    "dotless": (FieldMatches(("message-id",), Pattern(r"@[^@.]+( *>|$)")),),
}


def id_repetition(value: str) -> Condition | None:
    core = patterns.repeating(value)
    if core is None:
        return None
    return FieldMatches(("message-id",), Pattern(f"^ *<? *{core}", caseless=True, repeats=True))


def id_pattern(value: str) -> Condition | None:
    core = patterns.long_tokens_masked(value)
    if core is None:
        return None
    regex = f"^ *<? *{core}(@| *>|$)"
    return FieldMatches(("message-id",), Pattern(regex, caseless=True, repeats="\\" in value))


def id_affix(value: str) -> Condition | None:
    if value.endswith("*"):
        regex = around("^ *<? *", value[:-1], "")
    else:
        regex = around("", value[1:], "(@| *>|$)")
    return field_matches(("message-id",), regex, caseless=False)


def id_token(value: str) -> Condition | None:
    return field_matches(("message-id",), whole(value), caseless=False)


def boundary_shape(value: str) -> Condition | None:
    core = patterns.shaped(value, _BOUNDARY_END)
    regex = None if core is None else f"{_BOUNDARY}{core}"
    return field_matches(("content-type",), regex, caseless=False)


def boundary_affix(value: str) -> Condition | None:
    if value.endswith("*"):
        regex = around(_BOUNDARY, value[:-1], "")
    else:
        regex = around(f'{_BOUNDARY}[^";]*', value[1:], _BOUNDARY_END)
    return field_matches(("content-type",), regex, caseless=False)


def toolmark(value: str) -> Condition | None:
    program, of_id, of_boundary = [*value.split(" | "), "", ""][:3]
    if value.count(" | ") != 2:
        return None
    conditions = [
        FieldAbsent(_MAILER) if program == "none" else mailer(program),
        id_shape(of_id),
        *(() if of_boundary == "none" else (boundary_shape(of_boundary),)),
    ]
    kept = tuple(one for one in conditions if one is not None)
    return all_of(kept) if len(kept) == len(conditions) else None


def zone(value: str) -> Condition | None:
    minutes = int(value)
    sign = r"\+" if minutes >= 0 else "-"
    hours, rest = divmod(abs(minutes), 60)
    written = f"{sign}{hours:02d}{rest:02d}" if minutes else r"([+-]0000|GMT|UT|UTC|Z)"
    return field_matches(("date",), f" {written}( |$)", caseless=False)


def charset(value: str) -> Condition | None:
    return field_matches(("content-type",), around('charset *= *"?', value, '("|;| |$)'))
