"""Where a header really ends: the first empty line, or a missing one, is not the end of
looking.

An empty line ends the header (RFC 5322 section 2.1), and programs and archives put one
in the middle of it, or leave it out. Beyond it, fields count as the header's only where
they complete it: nothing that may stand once stands on both sides, every line there is
a field, and author or machinery is among what they bring. So a body that begins like a
field, a quoted header or a returned one stays body. Where the line is missing, the
header ends at the boundary that it declares. Linear, and bounded by MAX_BYTES."""

from __future__ import annotations

import re
from collections.abc import Collection

from firsthop.mail.field_names import MACHINERY, OF_MESSAGES, ONCE, ORIGINATOR
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

MAX_BYTES = 1 << 16  # looked through for fields beyond the first empty line
MAX_GAPS = 200  # empty lines of one header

# what may follow an empty line for the text behind it to be looked at; for the bulk
# path too
GAP = compiled(
    rb"(?:[ \t]*\r?\n){1,4}(?:((?i:from|to|cc|subject|date|received|sender|references"
    rb"|[a-z]{1,20}-[a-z-]{1,40}))[ \t]?:(?!/)"
    rb"|[ \t]+(?:by|with|id|for|via|\(|Mon,|Tue,|Wed,|Thu,|Fri,|Sat,|Sun,)[ \t])"
)
_EMPTY = compiled(rb"(?:[ \t]*+\r?\n){1,4}")
_LINE_END = compiled(rb"[ \t]*+\r?\n")
_LINE = compiled(rb"^([!-9;-~]++)[ \t]*+:[^\n]*+(?:\n[ \t]++[^\s][^\n]*+)*+(?:\n|\Z)", re.MULTILINE)
_FOLDS = compiled(rb"(?:[ \t]++[^\s][^\n]*+(?:\n|\Z))++")
_BOUNDARY = compiled(rb"boundary[ \t]*=[ \t]*\"?([^\"\r\n;]{1,200})", re.IGNORECASE)
_TIME = compiled(rb";[^;]*\d:\d\d")

# names as they stand in a message's bytes
_ONCE, _ORIGINATOR, _MACHINERY, _OF_MESSAGES = (
    frozenset(name.encode() for name in names)
    for names in (ONCE, ORIGINATOR, MACHINERY, OF_MESSAGES)
)
_FAMILIAR = _ORIGINATOR | _MACHINERY
# the body of these is a header of its own
_CARRIES = (b"message/", b"text/rfc822-headers")


class Beyond(NamedTuple):
    """The rest of a header beyond an empty line in it."""

    stop: int  # one past the last byte of the last field
    body: int  # first byte of the body
    names: tuple[bytes, ...]  # in lower case


def declared_boundary(data: bytes, stop: int) -> int | None:
    """Where within the header block `data[:stop]` a line stands that is the boundary
    declared above it: the empty line before it is missing."""
    at = data.find(b"\n--", 0, stop)
    if at < 0:
        return None
    boundaries = {match[1].rstrip(): match.end() for match in _BOUNDARY.finditer(data, 0, stop)}
    while at >= 0 and boundaries:
        end = data.find(b"\n", at + 1, stop)
        line = data[at + 3 : stop if end < 0 else end].rstrip()
        if 0 < boundaries.get(line, 0) <= at + 1:
            return at + 1
        at = data.find(b"\n--", at + 1, stop)
    return None


def beyond_gap(data: bytes, stop: int) -> Beyond | None:
    """The fields of the same header that stand beyond the empty line at `stop`; None
    where a body stands there."""
    if (first := GAP.match(data, stop)) is None:
        return None
    fields = list(_LINE.finditer(data, 0, stop))
    above = [match[1].lower() for match in fields]
    if first[1] and first[1].lower() in _ONCE.intersection(above):
        return None
    if _OF_MESSAGES.isdisjoint(above) or _carries_a_message(data, stop):
        return None
    cut = above[-1] == b"received" and not _TIME.search(fields[-1][0])
    found = _accepted(data, stop, above, cut)
    return found if found and _completes(above, found.names) else None


def _carries_a_message(data: bytes, stop: int) -> bool:
    lower = (b"\n" + data[:stop]).lower()
    at = lower.find(b"\ncontent-type")
    value = lower[at : lower.find(b"\n", at + 1)].partition(b":")[2].strip() if at >= 0 else b""
    return value.startswith(_CARRIES)


def _accepted(data: bytes, stop: int, above: list[bytes], cut: bool) -> Beyond | None:
    """The blocks of nothing but fields that follow, up to the last with a familiar
    one; `cut` says that the last field above goes on."""
    seen = set(above) & _ONCE
    names: list[bytes] = []
    found: Beyond | None = None
    at, limit = stop, stop + MAX_BYTES
    for _ in range(MAX_GAPS):
        empty = _EMPTY.match(data, at)
        if empty is None or empty.end() > limit:
            break
        block = _block(data, empty.end(), limit, cut)
        once = [name for name in block.names if name in _ONCE] if block else []
        if block is None or not seen.isdisjoint(once) or len(set(once)) < len(once):
            break
        seen.update(once)
        names += block.names
        at = block.stop
        cut = False
        if not block.names or not _FAMILIAR.isdisjoint(block.names):
            found = Beyond(at, at, tuple(names))
    if found is None:
        return None
    end = _LINE_END.match(data, found.stop)
    return found._replace(body=end.end() if end else found.stop)


def _block(data: bytes, start: int, limit: int, cut: bool) -> Beyond | None:
    """The fields up to the next empty line or the end; None where a line is no
    field."""
    at = start
    if cut and (folds := _FOLDS.match(data, at)):
        at = folds.end()
    names: list[bytes] = []
    while at < len(data) and at < limit and not _EMPTY.match(data, at):
        if (match := _LINE.match(data, at)) is None:
            return None
        names.append(match[1].lower())
        at = match.end()
    return Beyond(at, at, tuple(names)) if at > start else None


def _completes(above: Collection[bytes], beyond: Collection[bytes]) -> bool:
    """Whether the fields beyond bring what the ones above lack."""
    brought = set(beyond)
    if b"from" in above:
        return len(brought & _FAMILIAR) > 1 and bool(brought & _MACHINERY)
    return b"from" in brought or len(brought & _ORIGINATOR) > 1
