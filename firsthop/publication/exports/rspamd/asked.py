"""What Rspamd can be asked, and how: a condition as calls of the functions in
`asking.lua`.

Never:      puts a value into Lua but in a long string whose end does not stand in it,
            and in which there are only printable ASCII characters.
Source:     Rspamd's Lua reference: rspamd_task, rspamd_textpart, rspamd_url,
            rspamd_regexp, rspamd_util.
"""

from __future__ import annotations

from collections.abc import Sequence

from firsthop.publication.exports.rules.conditions import (
    AllOf,
    Compared,
    Condition,
    FieldAbsent,
    FieldMatches,
    FieldPresent,
    LinkMatches,
    Pattern,
    TextMatches,
    Value,
    parts,
)
from firsthop.publication.exports.rules.octets import TAGS, link_in_text, octets, why_no_octets

_SPACE = r"(?:\s|\xc2\xa0)"


def why_not(condition: Condition) -> str | None:
    """Why Rspamd cannot be asked a condition; None where it can."""
    return next((why for one in parts(condition) if (why := _why_not(one)) is not None), None)


def _why_not(condition: Condition) -> str | None:
    match condition:
        case FieldMatches(_, pattern) | TextMatches(pattern) | LinkMatches(pattern):
            return why_no_octets(pattern)
        case _:
            return None


class Asked:
    """The questions of one campaign, each once."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}  # by call

    def lines(self) -> tuple[str, ...]:
        """The calls, in the order in which they were asked for."""
        return tuple(f"{call},  -- {n}" for call, n in self._numbers.items())

    def numbers(self, condition: Condition) -> tuple[int, ...]:
        """The numbers of the questions that a condition is."""
        return tuple(
            self._numbers.setdefault(_call(one), len(self._numbers) + 1) for one in parts(condition)
        )


def _call(condition: Condition) -> str:
    match condition:
        case FieldMatches(names, pattern, decoded):
            form = _flag(decoded or not pattern.ascii)
            return f"field({_names(names)}, {form}, {_regex(pattern)})"
        case FieldPresent(names):
            return f"present({_names(names)})"
        case FieldAbsent(names):
            return f"absent({_names(names)})"
        case TextMatches(pattern):
            tagged = _expression(pattern, TAGS, "*")
            return f"text_holds({_regex(pattern, _SPACE, '*')}, {tagged})"
        case LinkMatches(pattern):
            return f"link({_regex(pattern)}, {_expression(link_in_text(pattern))})"
        case Compared(left, right, equal, registrable):
            return (
                f"compared({_value(left)}, {_value(right)}, {_flag(equal)}, {_flag(registrable)})"
            )
        case AllOf():
            raise AssertionError(condition)  # `parts` takes it apart


def _value(value: Value) -> str:
    return f"value.{value.name.lower()}"


def _flag(flag: bool) -> str:
    return "true" if flag else "false"


def _names(names: Sequence[str]) -> str:
    return f"{{{', '.join(map(long_string, names))}}}"


def _regex(pattern: Pattern, blank: str = " ", often: str = "") -> str:
    return f"{_expression(pattern, blank, often)}, '{'i' if pattern.caseless else ''}'"


def _expression(pattern: Pattern, blank: str = " ", often: str = "") -> str:
    return long_string(octets(pattern, blank, often))


def long_string(text: str) -> str:
    """A text of printable ASCII as a long string of Lua."""
    level = ""
    while f"]{level}]" in f"{text}]":
        level += "="
    return f"[{level}[{text}]{level}]"
