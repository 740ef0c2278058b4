"""A campaign's rules in STIX patterns: conditions on one message, which are searched in
an email-message object.

Promises:   quotes a value so that it cannot end the text it stands in (section 9.1).
Never:      leaves a condition out of a rule: what a pattern cannot ask is said, and the
            rule is learned anew without it.
Source:     STIX 2.1, section 9; MATCHES takes PCRE.
"""

from __future__ import annotations

from firsthop.publication.exports.rules.conditions import (
    AllOf,
    Compared,
    Condition,
    FieldAbsent,
    FieldMatches,
    FieldPresent,
    parts,
)
from firsthop.publication.exports.rules.rule import Rule

_MESSAGE = "email-message"
_PROPERTIES = (
    ("subject", f"{_MESSAGE}:subject"),
    ("message-id", f"{_MESSAGE}:message_id"),
    ("content-type", f"{_MESSAGE}:content_type"),
    ("received", f"{_MESSAGE}:received_lines[*]"),
    ("reply-to", f"{_MESSAGE}:additional_header_fields.'Reply-To'"),
    ("list-unsubscribe", f"{_MESSAGE}:additional_header_fields.'List-Unsubscribe'"),
    ("x-mailer", f"{_MESSAGE}:additional_header_fields.'X-Mailer'"),
    ("user-agent", f"{_MESSAGE}:additional_header_fields.'User-Agent'"),
)
_PATHS = dict(_PROPERTIES)
_FORGED = {"from", "return-path"}

NO_SENDER = (
    "mail can name anybody's domain as its author's and its envelope's, and an indicator made of "
    "these would refuse the genuine mail of whoever has it"
)
NO_FIELD = "a STIX email-message has no such property, or loses the part that is asked for"
NO_NAME = "a STIX email-message keys other fields by their names as written, which are not known"
NO_ABSENCE = "a STIX pattern cannot ask for a field that is missing"
NO_COMPARISON = "a STIX pattern cannot compare two properties"
NO_BODY = "a STIX email-message keeps its text and links apart, where no pattern ties them to it"


def express(condition: Condition) -> str | None:
    """Why a pattern cannot ask a condition; None where it can."""
    return next((reason for one in parts(condition) if (reason := _why_not(one))), None)


def pattern_of(rule: Rule) -> str:
    """The pattern of a rule that was learned from what can be asked."""
    return " OR ".join(
        f"[{' AND '.join(asked(element.condition) for element in clause)}]"
        for clause in rule.clauses
    )


def equals(path: str, value: str) -> str:
    """A pattern for one value."""
    return f"[{path} = {_quoted(value)}]"


def _why_not(one: Condition) -> str | None:
    if isinstance(one, FieldMatches):
        if not _FORGED.isdisjoint(one.names):
            return NO_SENDER
        return None if set(one.names) <= _PATHS.keys() else NO_FIELD
    if isinstance(one, FieldAbsent):
        return NO_ABSENCE
    if isinstance(one, FieldPresent):
        return NO_NAME
    return NO_COMPARISON if isinstance(one, Compared) else NO_BODY


def asked(condition: Condition) -> str:
    """The comparison of a condition that can be asked."""
    if isinstance(condition, AllOf):
        return " AND ".join(map(asked, condition.conditions))
    if not isinstance(condition, FieldMatches):
        raise TypeError(type(condition).__name__)  # `express` let it pass
    paths = [_PATHS[name] for name in condition.names]
    regex = (
        f"(?i){condition.pattern.regex}" if condition.pattern.caseless else condition.pattern.regex
    )
    each = [f"{path} MATCHES {_quoted(regex)}" for path in paths]
    return each[0] if len(each) == 1 else f"({' OR '.join(each)})"


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
