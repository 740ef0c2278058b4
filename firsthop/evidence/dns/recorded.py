"""Recorded DNS answers as JSON lines, and the recorder that makes them; one answer a
line:

    {"name": "_dmarc.example.org", "type": "TXT", "answers": ["v=DMARC1; p=none"],
     "rcode": "NOERROR", "as_of": "2014-05-17T13:00:00Z", "source": "..."}

Reads text, not files; asks no resolver and no clock but those it is given. A broken
line is the operator's fault and raises with its number."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from firsthop.errors import SettingsError
from firsthop.evidence.dns.store import (
    NOERROR,
    NXDOMAIN,
    SERVFAIL,
    Answer,
    DnsStore,
    Zone,
    dns_store,
)
from firsthop.evidence.timestamp import LAST_INSTANT, read_stamp, utc_text
from firsthop.system.given_file import json_of, shown

Record = str | list[str]
HOST_TYPES = ("MX", "PTR", "CNAME", "NS")


class Resolver(Protocol):
    """Asks the live DNS; only a face has one."""

    def resolve(self, name: str, rtype: str) -> tuple[str, tuple[str, ...]]:
        """The response code and the records as text. Never raises for what the DNS
        answers."""


class Recorder:
    """Asks a resolver once a question and keeps each answer with the time it came."""

    def __init__(self, resolver: Resolver, clock: Callable[[], int], source: str) -> None:
        self._resolver, self._clock, self._source = resolver, clock, source
        self._answers: dict[tuple[str, str], Answer] = {}

    def ask(self, name: str, rtype: str) -> Answer:
        """The answer, from the resolver the first time and from the record
        after that."""
        key = (name.lower().rstrip("."), rtype)
        if key not in self._answers:
            rcode, records = self._resolver.resolve(*key)
            self._answers[key] = Answer(
                *key,
                tuple(tidy(rtype, record) for record in records),
                rcode,
                self._clock(),
                self._source,
            )
        return self._answers[key]

    @property
    def answers(self) -> tuple[Answer, ...]:
        """All answers so far, in the order they came."""
        return tuple(self._answers.values())


def write_answers(answers: Iterable[Answer]) -> str:
    """The answers as JSON lines."""
    return "".join(json.dumps(_as_object(answer), ensure_ascii=False) + "\n" for answer in answers)


def _as_object(answer: Answer) -> dict[str, Any]:
    shown = {
        "name": answer.name,
        "type": answer.rtype,
        "answers": list(answer.records),
        "rcode": answer.rcode,
    }
    return shown | {"as_of": utc_text(answer.as_of), "source": answer.source}


def read_answers(lines: Iterable[str], where: str) -> tuple[Answer, ...]:
    """The answers that JSON lines hold. SettingsError names `where` and the line that
    cannot be used."""
    return tuple(
        _read_answer(line, f"{where}:{number}")
        for number, line in enumerate(lines, 1)
        if line.strip()
    )


def _read_answer(line: str, where: str) -> Answer:
    try:
        read = json_of(line)
        name, rtype = _text(read, "name", 1), _text(read, "type", 1).upper()
        rcode = _text(read, "rcode", 0, NOERROR).upper()
        written = _text(read, "as_of", 1)
        records = tuple(tidy(rtype, record) for record in _records(read.get("answers", [])))
        source = _text({"source": read.get("source") or where}, "source", 0)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SettingsError(f"{where}: no recorded DNS answer ({shown(error)})") from error
    instant = read_stamp(written).instant
    if instant is None or not 0 <= instant <= LAST_INSTANT:
        raise SettingsError(f"{where}: as_of {shown(written)} is no time with a zone, 1970 to 9999")
    return Answer(name.lower().rstrip("."), rtype, records, rcode, instant, source)


def _text(read: Mapping[str, Any], key: str, least: int, usual: str | None = None) -> str:
    value = read[key] if usual is None else read.get(key, usual)
    if not isinstance(value, str) or len(value) < least:
        raise TypeError(f"{key} is no text")
    return value


def _records(read: Any) -> list[Record]:
    """The records of an answer: texts, or texts in parts."""
    if not isinstance(read, list):
        raise TypeError("answers is no list")
    for record in read:
        parts = record if isinstance(record, list) else [record]
        if not all(isinstance(part, str) for part in parts):
            raise TypeError("a record is no text")
    return read


def tidy(rtype: str, record: Record) -> str:
    """A record's text as the store keeps it: strings joined, host names in lower case
    without the last dot."""
    text = record if isinstance(record, str) else "".join(record)
    return text.strip().lower().rstrip(".") if rtype in HOST_TYPES else text


def store_of(
    records: Mapping[str, Mapping[str, Iterable[Record] | str]],
    as_of: int,
    source: str,
    complete: bool = False,
) -> DnsStore:
    """A store of a dict {name: {type: records or the name of a failure}}, all of one
    day; `complete`: a name that is not in it does not exist."""
    answers = []
    for name, types in records.items():
        for rtype, given in types.items():
            failure = given if isinstance(given, str) else None
            texts = () if failure else tuple(tidy(rtype, record) for record in given)
            rcode = NOERROR if failure is None else failure if failure != "" else SERVFAIL
            answers.append(Answer(name.lower().rstrip("."), rtype, texts, rcode, as_of, source))
    return dns_store(answers, [whole_zone("", answers, as_of, source)] if complete else ())


def whole_zone(origin: str, answers: Iterable[Answer], as_of: int, source: str) -> Zone:
    """The zone that these answers are all of, with the empty names between them and its
    origin (RFC 8020 section 2)."""
    names = set()
    for name in (answer.name for answer in answers if answer.rcode != NXDOMAIN):
        labels = name.split(".")
        names |= {".".join(labels[index:]) for index in range(len(labels))}
    return Zone(origin, as_of, source, frozenset(names | {origin}))
