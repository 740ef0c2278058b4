"""Reads zone files into the DNS store: the subset of RFC 1035 section 5.1 that mail
needs ($ORIGIN, $TTL, parentheses, quoted strings, A to TXT).

Everything below the origin counts as recorded, but what is delegated away. No $INCLUDE:
a reader of evidence opens no files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from firsthop.errors import SettingsError
from firsthop.evidence.dns.recorded import HOST_TYPES, tidy, whole_zone
from firsthop.evidence.dns.store import NOERROR, Answer, DnsStore, dns_store
from firsthop.system.kept_expressions import compiled

TYPES = frozenset({"A", "AAAA", "CNAME", "MX", "NS", "PTR", "SPF", "TXT", "SOA"})
_TOKEN = compiled(
    r'"((?:[^"\\]|\\.)*)"|;[^\n]*|([()\n])|((?:[^\s;()"\\]|\\.)+)|[^\S\n]+', re.DOTALL
)
_ESCAPE = compiled(r"\\(\d{3}|.)", re.DOTALL)


class Entry(NamedTuple):
    """One entry of a zone file."""

    line: int
    blank: bool  # it starts with white space: the owner is that of the entry before
    words: tuple[str, ...]


def read_zone(text: str, origin: str, as_of: int, source: str) -> DnsStore:
    """The store that a zone file makes. SettingsError names the line that cannot be
    read."""
    records: dict[tuple[str, str], list[str]] = {}
    top, owner = origin.lower().rstrip("."), origin
    base = top
    for entry in entries(text, source):
        if entry.words[0].upper() == "$ORIGIN":
            base = absolute(_named(entry, source), base)
        elif entry.words[0].upper() != "$TTL":
            owner = owner if entry.blank else absolute(entry.words[0], base)
            rtype, data = _typed(entry, source)
            records.setdefault((owner, rtype), []).append(_data(rtype, data, base))
    answers = [
        Answer(name, rtype, tuple(of_name), NOERROR, as_of, source)
        for (name, rtype), of_name in records.items()
        if rtype != "SOA"
    ]
    delegated = frozenset(
        answer.name for answer in answers if answer.rtype == "NS" and answer.name != top
    )
    return dns_store(
        answers, [whole_zone(top, answers, as_of, source)._replace(delegated=delegated)]
    )


def entries(text: str, source: str) -> Iterator[Entry]:
    """The entries of a zone file: lines, or several lines within parentheses."""
    words: list[str] = []
    depth, line, start, blank = 0, 1, 1, text[:1] in (" ", "\t")
    for match in _TOKEN.finditer(text):
        quoted, mark, word = match.groups()
        if mark == "\n" and not depth:
            if words:
                yield Entry(start, blank, tuple(words))
            words, start, blank = [], line + 1, text[match.end() : match.end() + 1] in (" ", "\t")
        depth += {"(": 1, ")": -1}.get(mark or "", 0)
        if quoted is not None or word:
            words.append(_unescape(quoted if quoted is not None else word))
        line += match.group().count("\n")
    if depth:
        raise SettingsError(f"{source}:{start}: a parenthesis stays open")
    if words:
        yield Entry(start, blank, tuple(words))


def _unescape(word: str) -> str:
    """RFC 1035 section 5.1: `\\DDD` is an octet in decimal, `\\X` is X."""
    return _ESCAPE.sub(
        lambda match: chr(int(match[1])) if match[1].isdigit() and len(match[1]) == 3 else match[1],
        word,
    )


def _named(entry: Entry, source: str) -> str:
    """The name that an $ORIGIN gives."""
    if len(entry.words) < 2:
        raise SettingsError(f"{source}:{entry.line}: $ORIGIN names nothing")
    return entry.words[1]


def _typed(entry: Entry, source: str) -> tuple[str, tuple[str, ...]]:
    """The type and data of an entry, after its owner, TTL and class."""
    rest = entry.words if entry.blank else entry.words[1:]
    for index, word in enumerate(rest[:3]):
        if word.upper() in TYPES and len(rest) > index + 1:
            return word.upper(), rest[index + 1 :]
        if word.upper() != "IN" and not re.fullmatch(r"\d+[smhdwSMHDW]?", word):
            break
    raise SettingsError(
        f"{source}:{entry.line}: no record type that mail needs in {' '.join(entry.words)!r}"
    )


def _data(rtype: str, words: tuple[str, ...], base: str) -> str:
    if rtype == "MX":
        return f"{words[0]} {absolute(words[-1], base)}"
    if rtype in HOST_TYPES:
        return absolute(words[0], base)
    return tidy(rtype, list(words)) if rtype in ("TXT", "SPF") else words[0]


def absolute(name: str, base: str) -> str:
    """A name of a zone file in full, lower case, without the last dot."""
    if name == "@":
        return base
    return name.lower().rstrip(".") if name.endswith(".") or not base else f"{name.lower()}.{base}"
