"""Reads the files that an operator hands in as DNS evidence: recorded answers and zone
files (the options that name them: dns.py).

Raises:     SettingsError for what is neither, or has no day.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from firsthop.case.dns_answers import read_answers_text
from firsthop.errors import SettingsError
from firsthop.evidence.dns.store import Answer, DnsStore, Zone, dns_store
from firsthop.evidence.dns.zone import absolute, entries, read_zone
from firsthop.evidence.timestamp import read_stamp
from firsthop.faces.dns_resolver import Asking, LiveStore
from firsthop.system.given_file import in_utf8, read_given
from firsthop.system.kept_expressions import compiled

_AT = compiled(r"(?P<file>.+)@(?P<time>\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d))?)")


class Dated(NamedTuple):
    """What --answers names."""

    path: Path
    time: str | None


def store_of_files(names: Iterable[str], asking: Asking | None = None) -> DnsStore:
    """The store that the files make together; with `asking`, one that asks for what
    they lack."""
    answers: list[Answer] = []
    zones: list[Zone] = []
    for name in names:
        store = _read(_dated(name))
        answers += [answer for of_question in store.answers.values() for answer in of_question]
        zones += store.zones
    store = dns_store(answers, zones)
    return store if asking is None else LiveStore(store.answers, store.zones, live=asking)


def _dated(name: str) -> Dated:
    """A day behind the last @ belongs to the option, unless a file is called so."""
    match = None if Path(name).exists() else _AT.fullmatch(name)
    return Dated(Path(match["file"]), match["time"]) if match else Dated(Path(name), None)


def _read(dated: Dated) -> DnsStore:
    path = dated.path
    data = read_given(path)
    if path.suffix == ".zone" or data.lstrip()[:1] not in (b"{", b""):
        return _read_zone(dated, data)
    if dated.time is not None:
        raise SettingsError(
            f"{path}: recorded answers have times of their own: give it without @{dated.time}"
        )
    return dns_store(read_answers_text(data, str(path)))


def _read_zone(dated: Dated, data: bytes) -> DnsStore:
    path = dated.path
    if dated.time is None:
        raise SettingsError(
            f"{path}: neither JSON lines nor a zone file with the day it was true, as in "
            f"{path}@2014-05-17"
        )
    instant = read_stamp(dated.time if "T" in dated.time else f"{dated.time}T00:00:00Z").instant
    if instant is None:
        raise SettingsError(f"{path}: {dated.time} is no day")
    text = in_utf8(data, str(path))
    return read_zone(text, origin_of(text, path), instant, str(path))


def origin_of(text: str, path: Path) -> str:
    """The zone of a zone file: that of its SOA record (RFC 1035 section 5.2), else its
    first $ORIGIN, else its name."""
    base = named = path.name.removesuffix(".zone").lower()
    for entry in entries(text, str(path)):
        if entry.words[0].upper() == "$ORIGIN" and len(entry.words) > 1:
            base = absolute(entry.words[1], base)
            named = base
        elif "SOA" in (word.upper() for word in entry.words[1:4]):
            return absolute(entry.words[0], base)
    return named
