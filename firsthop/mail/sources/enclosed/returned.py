"""Find the message that a bounce returns inside its text, as mailers do that know no
multipart/report: qmail, Exim, old sendmail, Exchange, many more.

No list of the sentences they put before it: those come in every language. What is
looked for is the header block itself, at the start of a line, indented or quoted
throughout if at all. It is looked for only in what looks like a bounce (RFC 3834
section 2; RFC 3464 section 2), so that ordinary mail that quotes a header stays one
message. The line before the block goes into the notes."""

from __future__ import annotations

import re
from enum import IntEnum

from firsthop.mail.field_names import OPENING, RETURNED, TRACE
from firsthop.mail.mime import lowered
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

SENDER_SIGNS = (
    b"<>",  # the null reverse-path, or a null From
    b"mailer-daemon",
    b"postmaster",
    b"auto-submitted:",
    b"x-failed-recipients:",
    b"multipart/report",
    b"x-mlserver:",  # fml's notices to a list's owner
)
SUBJECT_SIGNS = (
    b"deliver|return|fail|bounce|reject|error|undeliv|consegn|recapit|unzustell|remis"
).split(b"|")
_SUBJECT = compiled(rb"\nsubject:[^\n]*(?:" + b"|".join(SUBJECT_SIGNS) + rb")")
# one of them begins a line of whatever is found to be returned
NEEDED = TRACE | {"from"}
_START = compiled(
    rb"^([ \t>|]{0,12})(?:" + "|".join(sorted(RETURNED)).encode() + rb")[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_FIELD = compiled(rb"([!-9;-~]{1,76})[ \t]*:")
_TRACE = frozenset(name.encode() for name in TRACE)
_FAMILIAR = _TRACE | {name.encode() for name in OPENING} | {b"content-type"}
# RFC 3464 section 2: what some reports put right before the returned header
_DELIVERY_STATUS = frozenset(
    (
        b"reporting-mta dsn-gateway received-from-mta arrival-date original-recipient "
        b"final-recipient action status remote-mta diagnostic-code last-attempt-date"
    ).split()
)
_UNDECLARED = compiled(
    rb"\n--([^\r\n]{1,70})\r?\n(?:[^\r\n]+\r?\n){0,20}?content-type:[ \t]*(?:message/|text/rfc822)",
    re.IGNORECASE,
)
_HEADER_END = compiled(rb"\n\r?\n")
_LINE_LIMIT = 20_000  # lines looked at in one text: a hostile one cannot make the search long


class Returned(NamedTuple):
    """A returned message's place in a text."""

    start: int
    indent: bytes  # before each of its lines
    before: str  # the last line before it that says anything


class Bounce(IntEnum):
    """How much a header looks like a bounce's."""

    NO = 0
    BY_SUBJECT = 1  # anyone's mail may be called so: only a block with trace fields counts
    BY_SENDER = 2


def bounce_signs(header: bytes) -> Bounce:
    """Whether a message with this header may be a bounce; generous, for it only opens
    the search."""
    lower = lowered(header)
    for sign in SENDER_SIGNS:
        if sign in lower:
            return Bounce.BY_SENDER
    return Bounce.BY_SUBJECT if _SUBJECT.search(lower) else Bounce.NO


def undeclared_boundary(data: bytes) -> bytes | None:
    """The boundary of a bounce made of MIME parts that its header does not tell; not
    one inside the message it returns."""
    if (match := _UNDECLARED.search(data)) is None:
        return None
    first = data.find(b"\n--" + match[1])
    body = _HEADER_END.search(data)
    return match[1].rstrip() if body and find_returned(data[body.end() : first]) is None else None


def find_returned(text: bytes, bounce: Bounce = Bounce.BY_SENDER) -> Returned | None:
    """The first header block in `text` that has trace fields; else, in a sure bounce,
    the first that names a message by enough of its fields."""
    fallback: re.Match[bytes] | None = None
    done = lines = 0
    for match in _START.finditer(text):
        if match.start() < done:
            continue
        names, end, count = _block(text, match.start(), match[1])
        lines += count
        if len(names) >= 3 and _TRACE & names:
            return _returned(text, match)
        if fallback is None and _names_a_message(names):
            fallback = match
        if lines > _LINE_LIMIT:
            break
        done = end if names else 0  # a block with too many other lines may hold a good one
    return (
        _returned(text, fallback) if fallback is not None and bounce is Bounce.BY_SENDER else None
    )


def _returned(text: bytes, match: re.Match[bytes]) -> Returned:
    start = _first_field(text, match.start(), match[1])
    return Returned(start, match[1], _line_before(text, start))


def unindented(text: bytes, indent: bytes) -> bytes:
    """`text` without `indent` before its lines."""
    lines = text.splitlines(keepends=True)
    return b"".join(
        line[len(indent) :] if line.startswith(indent) else line.lstrip(b" \t") for line in lines
    )


def _names_a_message(names: set[bytes]) -> bool:
    return (
        b"from" in names
        and bool({b"message-id", b"date"} & names)
        and bool({b"to", b"subject"} & names)
    )


def _block(text: bytes, start: int, indent: bytes) -> tuple[set[bytes], int, int]:
    """The field names of the block that begins at `start`, its end and its lines; none
    when too many of its lines are no field's (broken folds are common, prose is not
    meant)."""
    names: set[bytes] = set()
    fields = other = count = 0
    at = start
    while count < _LINE_LIMIT:
        count += 1
        end = text.find(b"\n", at)
        end = len(text) if end < 0 else end + 1
        line = text[at:end].rstrip()
        if not line.startswith(indent) or not line[len(indent) :]:
            break
        line = line[len(indent) :]
        if match := _FIELD.match(line):
            names.add(match[1].lower())
            fields += 1
        elif line[:1] not in {b" ", b"\t"}:
            other += 1
        at = end
    enough = other * 3 <= fields or len(names & _FAMILIAR) >= 4
    return (names if enough else set()), max(at, start + 1), count


def _first_field(text: bytes, start: int, indent: bytes) -> int:
    """Where the block really begins: fields whose names nobody listed may stand before
    the one found at `start`."""
    first = at = start
    while at > 0:
        before = text.rfind(b"\n", 0, at - 1) + 1
        line = text[before : at - 1]
        match = _FIELD.match(line, len(indent)) if line.startswith(indent) else None
        if match is not None and match[1].lower() not in _DELIVERY_STATUS:
            first = before
        elif not line[len(indent) :].strip() or line[len(indent) : len(indent) + 1] not in {
            b" ",
            b"\t",
        }:
            break
        at = before
    return first


def _line_before(text: bytes, start: int) -> str:
    line = text[:start].rstrip().rpartition(b"\n")[2].strip()
    return line[:200].decode("utf-8", "backslashreplace")
