"""Header files of a mail server's queue: Exim's ID-H (the message's header lines with
their lengths, its body in ID-D) and sendmail's qfID (lines with a letter, the body in
dfID); Exim specification, chapter "Format of spool files"; Sendmail Installation and
Operation Guide, section "The Queue File".

The message is put together as the server would send it. Its place and digest are those
of the header lines as they lie in the header file; the notes name the body's file, its
digest, the envelope, and what was left out. Nothing is asked of the server."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator

from firsthop.mail.limits import Limits
from firsthop.mail.message import BodyBytes
from firsthop.mail.sources.raw import RawMail, Skipped, raw_mail
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

_EXIM_ID = rb"[0-9A-Za-z]{6}-(?:[0-9A-Za-z]{6}-[0-9A-Za-z]{2}|[0-9A-Za-z]{11}-[0-9A-Za-z]{4})"
_EXIM_HEADER = compiled(_EXIM_ID + rb"-H\r?\n")
_EXIM_BODY = compiled(_EXIM_ID + rb"-D\r?\n")
_EXIM_FIELD = compiled(
    rb"^\d{3,7}([ *A-Z]) ([!-9;-~]{1,76}[ \t]*:[^\n]*+\n?(?:[ \t][^\n]*+\n?)*+)", re.MULTILINE
)
_EXIM_SENDER = compiled(_EXIM_ID + rb"-H\r?\n[^\n]*\n(<[^\n]{0,400}>)\r?\n")
_EXIM_CLIENT = compiled(
    rb"\n-host_address \[?((?:\d{1,3}\.){3}\d{1,3}|[0-9A-Fa-f:]{2,39})"  # a port behind it
)
_QF = compiled(rb"(?:V\d{1,2}\n)(?:[A-Z$!%][^\n]*\n){2}|T\d{6,12}\n(?:[KNPMFIS][^\n]*\n){2}")
_QF_FIELD = compiled(rb"^H(?:\?[^?\n]{0,80}\?)?([^\n]*+\n?(?:[ \t][^\n]*+\n?)*+)", re.MULTILINE)
_QF_END = compiled(rb"^\.\r?$", re.MULTILINE)
# the sender, put in when the message goes out
_QF_MACRO = compiled(rb"(?<=^Return-Path: <)(?:\x81|\$)g(?=>)", re.IGNORECASE)
_QF_SENDER = compiled(rb"^S([^\n]{1,400})", re.MULTILINE)
_QF_CLIENT = compiled(rb"^\$_([^\n]{1,400})", re.MULTILINE)
REMOVED = b"*"  # a header line that Exim has taken out or put another in place of

BodyOf = Callable[[str], bytes | None]  # the bytes of the file of that name beside it


class SpoolFile(NamedTuple):
    """What a header file of a queue holds."""

    start: int  # of its header lines
    header: bytes
    body_name: str
    body_start: int  # the first byte of the body in its file
    notes: tuple[str, ...]
    problem: str | None = None


def is_header_file(head: bytes) -> bool:
    """Whether this is the header file of a message in a queue."""
    return (head[6:7] == b"-" and _EXIM_HEADER.match(head) is not None) or (
        head[:1] in {b"V", b"T"} and _QF.match(head) is not None
    )


def is_body_file(head: bytes) -> bool:
    """Whether this is an Exim body file (sendmail's have no mark)."""
    return head[6:7] == b"-" and _EXIM_BODY.match(head) is not None


def header_file_of(name: str, head: bytes) -> str | None:
    """The name that the header file of this body file has."""
    if is_body_file(head) and name.endswith("-D"):
        return name[:-1] + "H"
    return "qf" + name[2:] if name.startswith("df") else None


def read_spool_file(
    data: bytes, uri: str, limits: Limits, beside: BodyOf | None = None
) -> Iterator[RawMail | Skipped]:
    """The message of a header file, with the body that lies beside it."""
    name = re.split(r"[/\\]", uri)[-1]
    found = _exim(data) if _EXIM_HEADER.match(data) else _sendmail(data, name)
    if found.problem is not None:
        yield Skipped(uri, found.problem)
    body = beside(found.body_name) if beside is not None else None
    if body is None:
        yield Skipped(uri, f"its body, {found.body_name}, is not at hand: the header was read")
    elif len(found.header) + len(body) > limits.max_message_bytes:
        yield Skipped(uri, f"{len(body)} bytes: {limits.refusal('max_message_bytes')}")
        return
    yield _message(data, found, body, uri)


def _message(data: bytes, found: SpoolFile, body: bytes | None, uri: str) -> RawMail:
    text = (body or b"")[found.body_start :]
    notes = found.notes
    if body is not None:
        notes += (f"body from {found.body_name}, sha256 {hashlib.sha256(body).hexdigest()}",)
    mail = raw_mail(
        found.header + b"\n" + text,
        uri,
        "queue",
        found.start,
        notes=notes,
        body_bytes=BodyBytes.STORED if body is not None else BodyBytes.CUT,
    )
    digest = hashlib.sha256(data[found.start :]).hexdigest()
    return mail._replace(source=mail.source._replace(sha256=digest))


def _exim(data: bytes) -> SpoolFile:
    """The header lines, each with its length, a flag and a space before it."""
    ident = data.partition(b"\n")[0].strip().decode("ascii", "replace")
    fields = list(_EXIM_FIELD.finditer(data))
    start = fields[0].start() if fields else len(data)
    kept = [field[2] for field in fields if field[1] != REMOVED]
    notes = _told("Exim", _EXIM_SENDER.match(data), _EXIM_CLIENT.search(data, 0, start))
    if len(kept) < len(fields):
        notes += (f"left out, since Exim took them out: {len(fields) - len(kept)} fields",)
    problem = None if fields else "an Exim spool file without header lines"
    body_start = data.find(b"\n") + 1  # both files begin with a line of the same length
    return SpoolFile(start, b"".join(kept), ident[:-1] + "D", body_start, notes, problem)


def _sendmail(data: bytes, name: str) -> SpoolFile:
    """The header lines: H, flags between question marks, the field."""
    fields = list(_QF_FIELD.finditer(data))
    start = fields[0].start() if fields else len(data)
    problem = None if fields else "a sendmail queue file without header lines"
    if fields and _QF_END.search(data, fields[-1].start()) is None:
        problem = "sendmail queue file cut short: no final dot; what there is was kept"
    sender = _QF_SENDER.search(data)
    reverse_path = sender[1].strip().strip(b"<>") if sender else b""
    header = b"".join(_QF_MACRO.sub(lambda _: reverse_path, field[1], count=1) for field in fields)
    body = "df" + name.removeprefix("qf")
    return SpoolFile(
        start, header, body, 0, _told("sendmail", sender, _QF_CLIENT.search(data)), problem
    )


def _told(
    server: str, sender: re.Match[bytes] | None, client: re.Match[bytes] | None
) -> tuple[str, ...]:
    notes = [f"put together from the queue of {server}"]
    if sender is not None:
        notes.append(f"envelope sender: {sender[1].strip().decode('utf-8', 'backslashreplace')}")
    if client is not None:
        notes.append(f"handed in by: {client[1].strip().decode('utf-8', 'backslashreplace')}")
    return tuple(notes)
