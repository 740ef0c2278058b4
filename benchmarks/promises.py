"""What must be true of every reading of every input, checked: nothing lost, every place
told is right, times and addresses print, the JSON is strict.

Raises BrokenPromiseError where it is not, and whatever the reading itself raises:
neither may ever happen."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import Any

from firsthop.campaign.archive.records import records_of
from firsthop.campaign.features import features_of
from firsthop.campaign.first_hops.summary import summarize
from firsthop.case_file import CaseFile
from firsthop.evidence.facts import MessageFacts, establish
from firsthop.evidence.timestamp import Stamp
from firsthop.judgement.examine import Examination, examine
from firsthop.mail.message import Evidence, Message, Span
from firsthop.mail.read import read_mail
from firsthop.mail.sources import RawMail, read_bytes
from firsthop.mail.sources.recoded import SAID_OF_LINES
from firsthop.publication.json.message import examine_object, json_line
from firsthop.settings import OwnServers

PROSE = b"This is what arrived this morning:\n\n"
SEPARATOR = b"From jo@example.org Sat May 17 21:59:37 2014\n"
INSIDE = tuple(ip_network(text) for text in ("10.0.0.0/8", "192.168.0.0/16"))
_PRINTED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_OFFSET = re.compile(r"[+-]\d{4}")


class BrokenPromiseError(AssertionError):
    """A reading that breaks what firsthop promises of every reading."""


@dataclass
class Readings:
    """What was read."""

    messages: Counter[str] = field(default_factory=Counter)  # by container
    skipped: int = 0
    hops: int = 0

    def add(self, other: Readings) -> None:
        """Takes in what was read elsewhere."""
        self.messages += other.messages
        self.skipped += other.skipped
        self.hops += other.hops


def ways(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The bytes as they lie in each form of input, with a name of that form."""
    yield "mutant.eml", data
    yield "mutant.txt", PROSE + data + b"\n\nAnd that was all.\n"
    yield "mutant.mbox", SEPARATOR + data + b"\n\n" + SEPARATOR + b"From: last@example.org\n\nx\n"


def read_whole_way(data: bytes, readings: Readings) -> None:
    """Reads one mutant in every way. Raises what the reading raises, or
    BrokenPromiseError."""
    judged: set[object] = set()
    for uri, contained in ways(data):
        read_input(contained, uri, readings, judged)


def read_input(contained: bytes, uri: str, readings: Readings, judged: set[object]) -> None:
    """Reads one input and checks every message in it; of bytes already judged only the
    place."""
    count = 0
    for found in read_bytes(contained, uri):
        count += 1
        if isinstance(found, RawMail):
            readings.messages[found.source.container] += 1
            readings.hops += check(found, contained, judged)
        else:
            readings.skipped += 1
    demand(count > 0, "an input gives a message or says why not")


def check(raw: RawMail, contained: bytes, judged: set[object]) -> int:
    """Holds one message against what must be true of it, and gives the number of its
    hops."""
    source, data = raw
    if source.container in ("eml", "mbox", "pasted") and "!/" not in source.uri:
        demand(
            _stands(data, contained[source.offset :], source.notes),
            "a message's bytes stand at its offset",
        )
    same = (source.sha256, source.evidence is Evidence.PUBLICATION)
    if same in judged:
        return 0
    judged.add(same)
    message = read_mail(raw)
    check_fields(message, data)
    facts = establish(message, OwnServers())
    check_path(facts)
    examination = examine(facts, CaseFile())
    if facts.path.steps and source.container != "enclosed":
        writer = (facts.path.steps[0].hop.by or "x").lower()
        own = OwnServers(frozenset((writer,)), INSIDE, frozenset((writer,)))
        check_spans(examination, len(data))
        examination = examine(
            establish(message, own),
            CaseFile(provider="x", provider_domains=("example.org", writer)),
        )
    check_spans(examination, len(data))
    check_json(examination)
    records_of([features_of(facts)])
    summarize(examination)
    return len(facts.path.steps)


def _stands(data: bytes, there: bytes, notes: tuple[str, ...]) -> bool:
    """Whether `data` stands at the beginning of `there`, or what was recoded to it."""
    if there.startswith(data):
        return True
    for note in notes:
        if note.startswith("UTF-") and note.endswith("text: read as UTF-8"):
            return any(
                _text(there[: 4 * len(data)], f"{note[:6]}-{order}").startswith(
                    _text(data, "utf-8")
                )
                for order in ("le", "be")
            )
        if note in SAID_OF_LINES.values():
            return re.sub(rb"[\r\n]|\xef\xbb\xbf", b"", there).startswith(
                re.sub(rb"[\r\n]|\xef\xbb\xbf", b"", data)
            )
    return False


def _text(data: bytes, code: str) -> str:
    return data.decode(code, "replace").rstrip("\ufffd")


def check_fields(message: Message, data: bytes) -> None:
    """Nothing lost, every span inside the message."""
    if message.source.evidence is Evidence.PUBLICATION:
        demand(not message.body and not message.separator, "an excerpt has no body")
    demand(
        b"".join([f.raw for f in message.fields]) + message.separator + message.body == data,
        "fields, separator and body write back to the bytes",
    )
    at = 0
    for one in message.fields:
        demand(
            one.span.start == at and at <= one.span.stop <= len(data),
            "the spans of the fields follow each other",
        )
        at = one.span.stop
    for defect in message.defects:
        demand(_inside(defect.span, len(data)), "the span of a defect lies in the message")


def check_path(facts: MessageFacts) -> None:
    """Each Received field is a hop, its times print, its addresses are addresses."""
    fields = facts.message.all("received")
    demand(len(fields) == len(facts.path.steps), "each Received field gives a hop")
    for place, (one, step) in enumerate(zip(fields, facts.path.steps, strict=True)):
        hop = step.hop
        demand(
            hop.raw == one.value and step.position == len(fields) - place,
            "a hop keeps its line and its place",
        )
        check_stamp(hop.stamp)
        for address in (hop.client_address, hop.by_address):
            demand(
                address is None or str(ip_address(address)) == address, "an address is canonical"
            )
    check_stamp(facts.date)


def check_stamp(stamp: Stamp | None) -> None:
    """A time lies in the years that a calendar prints."""
    if stamp is not None:
        demand(stamp.utc is None or _PRINTED.fullmatch(stamp.utc) is not None, "an instant prints")
        demand(
            stamp.offset is None or _OFFSET.fullmatch(stamp.offset) is not None, "an offset prints"
        )


def check_spans(examination: Examination, size: int) -> None:
    """Findings rest on bytes of the message."""
    for finding in examination.findings:
        for seen in finding.observations:
            demand(_inside(seen.span, size), "the span of an observation lies in the message")


def check_json(examination: Examination) -> None:
    """All of it is strict JSON in one line of ASCII."""
    line = json_line(examine_object(examination))
    demand(line.isascii() and line.isprintable(), "JSON is one line of printable ASCII")
    told = json.loads(line, parse_constant=_no_constant)
    demand(len(told["hops"]) == len(examination.facts.path.steps), "the JSON tells every hop")


def _inside(span: Span | None, size: int) -> bool:
    return span is None or 0 <= span.start <= span.stop <= size


def _no_constant(name: str) -> Any:
    raise BrokenPromiseError(f"JSON holds {name}")


def demand(holds: bool, promise: str) -> None:
    """BrokenPromiseError unless it holds."""
    if not holds:
        raise BrokenPromiseError(promise)
