"""Messages of a Postfix queue: what postcat(1) writes, and the queue file itself, a row
of records of one letter, a length in groups of seven bits and so many bytes
(Postfix, record.h and rec_type.h).

The message lies between "*** MESSAGE CONTENTS" and the next line of that form, or in
the records N and L behind M. Its place is that of its first byte; its digest is that of
its bytes as they lie there, in a queue file with the records' letters and lengths."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from firsthop.mail.message import BodyBytes
from firsthop.mail.sources.raw import RawMail, Skipped, raw_mail
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

_SECTION = compiled(
    rb"^\*\*\* (ENVELOPE RECORDS|MESSAGE CONTENTS|HEADER EXTRACTED|MESSAGE FILE END)"
    rb" [^\n]{0,400}\*\*\*\r?\n?",
    re.MULTILINE,
)
_VERBOSE = compiled(rb"^(?:[ \t]*\d{1,12}[ \t]+)?(regular_text|pointer_record|[a-z_]{4,30}): ?")
_SENDER = compiled(rb"^(?:[ \t]*\d+[ \t]+)?sender: ([^\n]{0,400})", re.MULTILINE)
_FILE = compiled(rb"C[\x1f-\x7f] {0,14}\d[ \d]{15}")
# S sender; M message contents; N a line; L part of a line; p go on at another place;
# X, E what comes behind the contents
_SENDER_RECORD, _BEGIN, _LINE, _PART, _POINTER, _ENDS = b"S", b"M", b"N", b"L", b"p", (b"X", b"E")
_LOOK = 2048  # bytes before the first section: a command line, a warning


class _Found(NamedTuple):
    start: int
    stop: int
    text: bytes
    sender: bytes
    cut: bool


def is_postcat(head: bytes) -> bool:
    """Whether this is what postcat writes."""
    return head.find(b"*** ", 0, _LOOK) >= 0 and _SECTION.search(head, 0, _LOOK) is not None


def is_queue_file(head: bytes) -> bool:
    """Whether this is a queue file of Postfix."""
    return _FILE.match(head) is not None


def read_postcat(data: bytes, uri: str) -> Iterator[RawMail | Skipped]:
    """The messages that postcat wrote, one after the other."""
    sections = list(_SECTION.finditer(data))
    stops = [section.start() for section in sections[1:]] + [len(data)]
    envelope, any_message = b"", False
    for section, stop in zip(sections, stops, strict=True):
        if section[1] == b"ENVELOPE RECORDS":
            envelope = data[section.end() : stop]
        elif section[1] == b"MESSAGE CONTENTS":
            any_message = True
            cut = stop == len(data)
            text = _without_names(data[section.end() : stop])
            yield _mail(
                data, _Found(section.end(), stop, text, _sender(envelope), cut), uri, "by postcat"
            )
            if cut:
                yield Skipped(uri, "postcat's output is cut short; what there is was kept")
    if not any_message:
        yield Skipped(uri, "postcat wrote no message contents (its option -e?)")


def _without_names(text: bytes) -> bytes:
    """The lines without the record names of postcat -v."""
    if not re.match(rb"(?:[ \t]*\d{1,12}[ \t]+)?(?:regular_text|padding|pointer_record): ", text):
        return text
    lines = []
    for line in text.splitlines(keepends=True):
        name = _VERBOSE.match(line)
        if name is None or name[1] == b"regular_text":
            lines.append(line[name.end() :] if name else line)
    return b"".join(lines)


def read_queue_file(data: bytes, uri: str) -> Iterator[RawMail | Skipped]:
    """The message of a queue file."""
    sender, at = b"", 0
    while at < len(data):
        kind, begin, stop = _record(data, at)
        if begin < 0 or kind == _BEGIN:
            break
        sender = data[begin:stop] if kind == _SENDER_RECORD else sender
        at = stop
    if at >= len(data) or data[at : at + 1] != _BEGIN:
        yield Skipped(uri, "a Postfix queue file without message contents")
        return
    start = min(max(_record(data, at)[2], at + 1), len(data))
    text, last, ended = _contents(data, start)
    yield _mail(data, _Found(start, last, text, sender, not ended), uri, "")
    if not ended:
        yield Skipped(uri, f"a Postfix queue file damaged at offset {last}; the rest was kept")


def _contents(data: bytes, start: int) -> tuple[bytes, int, bool]:
    """The lines of the message, where they end, and whether they end as they should. A
    milter's changes stand elsewhere in the file, and records point there and back."""
    pieces: list[bytes] = []
    at = last = start
    taken = 0
    while 0 <= at < len(data) and taken <= len(data):
        kind, begin, stop = _record(data, at)
        if begin < 0 or stop > len(data) or kind in _ENDS:
            return b"".join(pieces), max(last, at), kind in _ENDS
        taken += stop - at
        if kind == _POINTER and (place := _number(data[begin:stop])) > 0:
            at = place
            continue
        if kind in {_LINE, _PART}:
            pieces.append(data[begin:stop] + (b"\n" if kind == _LINE else b""))
        at = stop
        last = max(last, at)
    return b"".join(pieces), last, False


def _number(digits: bytes) -> int:
    return int(digits) if re.fullmatch(rb" *\d{1,15} *", digits) else 0


def _record(data: bytes, at: int) -> tuple[bytes, int, int]:
    """The letter of the record there, and where its bytes begin and end; -1 where its
    length is none."""
    kind, length, shift, place = data[at : at + 1], 0, 0, at + 1
    while place < len(data) and shift < 63:
        length |= (data[place] & 0x7F) << shift
        shift += 7
        place += 1
        if data[place - 1] < 0x80:
            return kind, place, place + length
    return kind, -1, -1


def _sender(envelope: bytes) -> bytes:
    found = _SENDER.search(envelope)
    return found[1].strip() if found else b""


def _mail(data: bytes, found: _Found, uri: str, by: str) -> RawMail:
    sender = found.sender.decode("utf-8", "backslashreplace")
    notes = (f"out of a Postfix queue file {by}".strip(), f"envelope sender: <{sender}>")
    state = BodyBytes.CUT if found.cut else BodyBytes.STORED
    mail = raw_mail(found.text, uri, "queue", found.start, notes=notes, body_bytes=state)
    digest = hashlib.sha256(data[found.start : found.stop]).hexdigest()
    return mail._replace(source=mail.source._replace(sha256=digest))
