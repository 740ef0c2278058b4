r"""What SpamAssassin can be asked, and how: a condition as `__` rules and an expression
over their names.

    a field                 header NAME field =~ /.../     decoded and unfolded
    a field is there        header NAME exists:field
    two values are equal    header NAME ALL =~ /.../       with a back-reference
    text                    body, and rawbody across paragraphs and tags: body rules
                            see one paragraph at a time
    a link                  uri, and rawbody for name spaces and document types

Source:     Mail::SpamAssassin::Conf of 4.0.1, "RULE DEFINITIONS AND PRIVILEGED
            SETTINGS".
"""

from __future__ import annotations

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
    parts,
)
from firsthop.publication.exports.rules.octets import TAGS, link_in_text, octets, why_no_octets
from firsthop.publication.exports.spamassassin.relations import relation_regex, why_not_compared

OWN_FIELD = "SpamAssassin gives a field of this name a meaning of its own"
_OWN_FIELDS = frozenset({"all", "tocc", "envelopefrom", "messageid"})
_BLANK = r"[ \t]"
_SPACE = r"(?:\s|\xc2\xa0)"


def why_not(condition: Condition) -> str | None:
    """Why SpamAssassin cannot be asked a condition; None where it can."""
    return next((why for one in parts(condition) if (why := _why_not(one)) is not None), None)


def _why_not(condition: Condition) -> str | None:
    match condition:
        case Compared():
            return why_not_compared(condition)
        case FieldMatches(names, pattern):
            return _why_no_field(names) or why_no_octets(pattern)
        case FieldPresent(names) | FieldAbsent(names):
            return _why_no_field(names)
        case TextMatches(pattern) | LinkMatches(pattern):
            return why_no_octets(pattern)
        case AllOf():
            return None


def _why_no_field(names: tuple[str, ...]) -> str | None:
    own = any(one in _OWN_FIELDS or one.startswith("x-spam-") for one in names)
    return OWN_FIELD if own else None


class Asked:
    """The `__` rules of one campaign, each once."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._names: dict[str, str] = {}  # by definition: name

    def lines(self) -> tuple[str, ...]:
        """The definitions, in the order in which they were asked for."""
        return tuple(
            f"{definition.partition(' ')[0]} {name} {definition.partition(' ')[2]}"
            for definition, name in self._names.items()
        )

    def expression(self, condition: Condition) -> str:
        """A condition over the names."""
        terms = [self._term(one) for one in parts(condition)]
        return terms[0] if len(terms) == 1 else f"({' && '.join(terms)})"

    def _term(self, condition: Condition) -> str:
        match condition:
            case FieldMatches(names, pattern):
                regex = _slashed(pattern, "m")
                return self._any(*(f"header {name} =~ {regex}" for name in names))
            case FieldPresent(names):
                return self._any(*(f"header exists:{name}" for name in names))
            case FieldAbsent(names):
                return f"!{self._any(*(f'header exists:{name}' for name in names))}"
            case TextMatches(pattern):
                return self._any(
                    f"body {_slashed(pattern, '', _SPACE, '*')}",
                    f"rawbody {_slashed(pattern, '', TAGS, '*')}",
                )
            case LinkMatches(pattern):
                return self._any(
                    f"uri {_slashed(pattern, '')}",
                    f"rawbody {_slashed(link_in_text(pattern), 'm')}",
                )
            case Compared():
                return self._any(f"header ALL =~ /{relation_regex(condition)}/im")
        raise AssertionError(condition)  # `why_not` lets nothing else pass

    def _any(self, *definitions: str) -> str:
        names = [self._name(one) for one in definitions]
        return names[0] if len(names) == 1 else f"({' || '.join(names)})"

    def _name(self, definition: str) -> str:
        return self._names.setdefault(definition, f"{self._prefix}_{len(self._names) + 1}")


def _slashed(pattern: Pattern, flags: str, blank: str = _BLANK, often: str = "+") -> str:
    return f"/{octets(pattern, blank, often)}/{'i' if pattern.caseless else ''}{flags}"
