"""The format `kql`: queries over the tables of Microsoft 365 Defender (and Sentinel),
a file a rule.

Source:     Microsoft's reference of EmailEvents and EmailUrlInfo, and of the Kusto
            query language: verbatim strings, `matches regex`, `extract`.
Promises:   only columns of these tables are asked for; relations are computed fields.
Cannot:     ask for what these tables do not hold: other fields of the header, the
            text, HELO, the lines of the path.
"""

from __future__ import annotations

from collections.abc import Iterator

from firsthop.campaign.signature.bitsets import Key
from firsthop.publication.exports.exporter import Exported, Exporter, Gap
from firsthop.publication.exports.rules.comment import comment_lines
from firsthop.publication.exports.rules.conditions import (
    Compared,
    Condition,
    FieldMatches,
    LinkMatches,
    Pattern,
    Value,
    parts,
)
from firsthop.publication.exports.rules.regex import Signs, parsed
from firsthop.publication.exports.rules.rule import Element, Rule, RuleSet, rules_for
from firsthop.publication.exports.source import ExportSource

NO_COLUMN = "no column of EmailEvents, EmailUrlInfo or EmailAttachmentInfo holds it"
NO_SUFFIXES = "the query language knows no Public Suffix List"
REPEATS = "its regular expressions have no back-references"
OTHER_LINE = "SenderIPv4 is that of the last relay; other lines of the path have no column"

_COLUMNS = (
    ("from", ("From", "strcat(SenderDisplayName, ' <', SenderFromAddress, '>')")),
    ("return-path", ("ReturnPath", "strcat('<', SenderMailFromAddress, '>')")),
    ("subject", ("Subject", "")),
    ("message-id", ("InternetMessageId", "")),
)
_FIELDS = dict(_COLUMNS)
"""The fields of a header that columns hold: name, and how it is computed."""
_LOWERED = frozenset({"From", "ReturnPath"})  # the case of addresses is not told to be kept
_VALUES = {
    Value.SUBJECT: ("SubjectText", r"tolower(trim(@'\s+', Subject))"),
    Value.AUTHOR: ("Author", "tolower(SenderFromAddress)"),
    Value.AUTHOR_LOCAL_PART: (
        "AuthorLocalPart",
        "tolower(extract(@'^(.*)@', 1, SenderFromAddress))",
    ),
    Value.AUTHOR_DOMAIN: ("AuthorDomain", "tolower(SenderFromDomain)"),
    Value.DISPLAY_NAME: ("DisplayName", "tolower(SenderDisplayName)"),
    Value.ID_HOST: (
        "MessageIdHost",
        r"tolower(extract(@'@([^@<>\s]+)>?\s*$', 1, InternetMessageId))",
    ),
}
"""The values that relations compare: name, and how it is computed."""
_NETWORKS = ("client_address", "client_network")
_LAST_RELAY = Gap(
    "client_address, client_network",
    "SenderIPv4 is what Microsoft took for the last relay, and may be another than that of the "
    "hand-over that firsthop saw",
)


def export(source: ExportSource) -> Exported:
    """The queries of a campaign, a file each."""
    rules = rules_for(source, _why_not, express_key=_why_not_key)
    files = {f"{one.name}.kql": _file(source, rules, one).encode("ascii") for one in rules.rules}
    return Exported(files, (_LAST_RELAY,), rules)


def _why_not_key(key: Key) -> str | None:
    """Of the elements of the Received lines only the client's address has a column."""
    family, value = key
    if family in _NETWORKS:
        return None if "." in value else NO_COLUMN
    return OTHER_LINE if family in ("first_address", "helo", "helo_domain", "first_helo") else None


def _why_not(condition: Condition) -> str | None:
    return next((reason for one in parts(condition) if (reason := _reason(one))), None)


def _reason(one: Condition) -> str | None:
    match one:
        case Compared(left, right, _, registrable):
            if registrable:
                return NO_SUFFIXES
            return None if left in _VALUES and right in _VALUES else NO_COLUMN
        case FieldMatches(names, pattern, _):
            return _reason_of_field(names, pattern)
        case LinkMatches():
            return None
    return NO_COLUMN


def _reason_of_field(names: tuple[str, ...], pattern: Pattern) -> str | None:
    if names == ("received",):  # of a client's address: `_why_not_key` let it pass
        return None if pattern.regex.startswith(_ADDRESS) else NO_COLUMN
    if names[0] not in _FIELDS or len(names) > 1:
        return NO_COLUMN
    return REPEATS if pattern.repeats else None


_ADDRESS = r"(\[|\(|[ :])"  # what translate.py lets a client's address begin with


class _Query:
    """A query while it is written: what it needs before its condition."""

    def __init__(self) -> None:
        self.links: list[str] = []
        self.computed: dict[str, str] = {}

    def asked(self, element: Element) -> str:
        """What must hold for an element."""
        if element.family in _NETWORKS:
            return _of_network(*element[:2])
        return " and ".join(map(self._asked, parts(element.condition)))

    def _asked(self, one: Condition) -> str:
        match one:
            case Compared(left, right, equal, _):
                a, b = (self._computed(*_VALUES[value]) for value in (left, right))
                return f"isnotempty({a}) and isnotempty({b}) and {a} {'==' if equal else '!='} {b}"
            case LinkMatches(pattern):
                return f"NetworkMessageId in ({self._link(pattern)})"
            case FieldMatches((name, *_), pattern, _):
                return _matches(self._computed(*_FIELDS[name]), pattern)
        raise TypeError(f"{one} is not asked")

    def _computed(self, name: str, how: str) -> str:
        if how:
            self.computed[name] = how
        return name

    def _link(self, pattern: Pattern) -> str:
        text = f"EmailUrlInfo | where {_matches('Url', pattern)} | distinct NetworkMessageId"
        if text not in self.links:
            self.links.append(text)
        return f"Links{self.links.index(text) + 1}"

    def text(self, condition: str) -> Iterator[str]:
        """The lines of the query."""
        for n, one in enumerate(self.links, 1):
            yield f"let Links{n} = {one};"
        yield "EmailEvents"
        if self.computed:
            yield "| extend " + ", ".join(f"{name} = {how}" for name, how in self.computed.items())
        yield f"| where {condition}"


def _of_network(family: str, value: str) -> str:
    if family == "client_address":
        return f"SenderIPv4 == {quoted(value)}"
    return f"SenderIPv4 startswith {quoted(f'{value}.')}"


def _matches(column: str, pattern: Pattern) -> str:
    regex = _Signs().alternatives(parsed(pattern.regex))
    caseless = "(?i)" if pattern.caseless or column in _LOWERED else ""
    return f"{column} matches regex {quoted(caseless + regex)}"


class _Signs(Signs):
    """Regular expressions of Kusto: what is not ASCII is written as its number."""

    def char(self, char: str) -> str:
        return super().char(char) if " " <= char <= "~" else f"\\x{{{ord(char):x}}}"

    def in_class(self, char: str) -> str:
        return super().in_class(char) if " " <= char <= "~" else f"\\x{{{ord(char):x}}}"


def quoted(text: str) -> str:
    """A verbatim string: in it only the quote, written twice, means something."""
    return "@'" + text.replace("'", "''") + "'"


def _file(source: ExportSource, rules: RuleSet, rule: Rule) -> str:
    query = _Query()
    clauses = [f"({' and '.join(map(query.asked, one))})" for one in rule.clauses]
    told = (*comment_lines(source, rules), f"{_LAST_RELAY.reason}.", rule.name)
    head = "".join(f"// {line}\n" for line in told)
    return head + "".join(f"{line}\n" for line in query.text("\n    or ".join(clauses)))


KQL = Exporter(
    "kql",
    "Queries for Microsoft 365 Defender and Sentinel.",
    "written by the reference, not run at Microsoft; run in tests by duckdb-kql",
    export,
)
