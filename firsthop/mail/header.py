"""Splits a header block into fields: the one place that turns bytes into fields (RFC
5322 section 2.2).

Every byte of the block lands in exactly one field, so that joining the fields gives the
block back. Duplicates and order are kept, and a line that is no field is kept as a
field without a name. Nothing is decoded here."""

from __future__ import annotations

from collections.abc import Iterator

from firsthop.mail.beyond import beyond_gap, declared_boundary
from firsthop.mail.field_names import COMPLETE
from firsthop.mail.lost_folds import SEPARATORS, with_folds
from firsthop.mail.message import MAX_FIELD_BYTES, Defect, Field, Message, Source, Span
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

# beyond it the rest of a header block is body; Postfix's header_size_limit is 102,400 a
# field
MAX_HEADER_BYTES = 1 << 20
_new = tuple.__new__  # a NamedTuple in half the time of its own constructor
MAX_FIELDS = 10_000  # beyond it the rest of the block is kept as one unread field

# One field with its folded lines and its line ending, and whatever else starts at a
# line's first byte; with its name, where it has one. Possessive: linear on any input.
FIELD = compiled(rb"(?:([!-9;-~]++)[ \t]*+:)?+[^\n]*+\n?+(?:[ \t][^\n]*+\n?+)*+")
# Name and value of every field of a block at once, for the bulk path; a line without a
# colon has an empty name.
NAME_VALUE = compiled(rb"([!-9;-~]*+)[ \t]*+(:?+)([^\n]*+(?:\n[ \t][^\n]*+)*+)\n?+")
# defects of which the fields or the body are read otherwise than RFC 5322 splits them
_BROKEN = frozenset(("header_gap", "no_header_end", "lost_fold"))
OLD_MAC = compiled(rb"\r(?!\n)")


class HeaderBlock(NamedTuple):
    """Where the header of a message ends."""

    stop: int  # one past the last byte of the last field
    body: int  # first byte of the body; stop == body means there is no empty line
    gap: int | None = None  # where the first empty line stands, if fields follow it


def find_block(data: bytes) -> HeaderBlock:
    """The header block at the start of `data`: up to the first empty line (RFC 5322
    section 2.1), or all of it."""
    if data[:1] == b"\n":
        return HeaderBlock(0, 1)
    if data[:2] == b"\r\n":
        return HeaderBlock(0, 2)
    line = data.find(b"\n")
    likely, other = (b"\n\r\n", b"\n\n") if data[line - 1 : line] == b"\r" else (b"\n\n", b"\n\r\n")
    # in the form of the first line: the other would be looked for through the whole
    # body
    stop = data.find(likely, 0, MAX_HEADER_BYTES)
    limit = stop + len(other) - 1 if stop >= 0 else MAX_HEADER_BYTES
    crlf = other == b"\n\r\n"
    earlier = -1 if crlf and data.find(b"\r", 0, limit) < 0 else data.find(other, 0, limit)
    if earlier >= 0:
        return HeaderBlock(earlier + 1, earlier + len(other))
    return HeaderBlock(stop + 1, stop + len(likely)) if stop >= 0 else _without_end(data)


def find_header(data: bytes) -> HeaderBlock:
    """The header block with what stands of it beyond the first empty line, or up to the
    boundary that it declares where the empty line is missing."""
    block = find_block(data)
    if (boundary := declared_boundary(data, block.stop)) is not None:
        return HeaderBlock(boundary, boundary)
    if block.stop < block.body and (beyond := beyond_gap(data, block.stop)) is not None:
        return HeaderBlock(beyond.stop, beyond.body, block.stop)
    return block


def _without_end(data: bytes) -> HeaderBlock:
    """The block of a message with no empty line: all of it, cut at the limit after a
    whole line."""
    if len(data) <= MAX_HEADER_BYTES:
        return HeaderBlock(len(data), len(data))
    stop = data.rfind(b"\n", 0, MAX_HEADER_BYTES) + 1 or MAX_HEADER_BYTES
    return HeaderBlock(stop, stop)


def split_block(data: bytes, stop: int, start: int = 0) -> tuple[Field, ...]:
    """The fields of `data[start:stop]`, with their spans."""
    fields: list[Field] = []
    for match in FIELD.finditer(data, start, stop):
        if match.end() == start:
            break
        if len(fields) == MAX_FIELDS:
            fields.append(Field("", data[start:stop], Span(start, stop)))
            break
        raw, name = match.group(0, 1)
        stop_of_field = match.end()
        span = _new(Span, (start, stop_of_field))
        fields.append(_new(Field, (name.decode("ascii") if name else "", raw, span, None, ())))
        start = stop_of_field
    return tuple(fields)


def read_message(data: bytes, source: Source) -> Message:
    """The message in `data`: never raises; what is broken is named in its defects."""
    block = find_header(data)
    fields = split_block(data, block.stop)
    if odd := [one for one in fields if not one.name[:1].isalpha()]:
        if len(odd) > 1 or not odd[0].raw.startswith(SEPARATORS):
            fields = with_folds(fields)
        block, fields = _without_body(block, fields)
    return Message(
        source,
        fields,
        data[block.stop : block.body],
        data[block.body :],
        tuple(_defects(data, block, fields)),
    )


def as_split(message: Message) -> Message:
    """The message as RFC 5322 section 2.1 splits it, without what was put right here:
    what mail clients show and what signatures were made of."""
    if not message.defects or _BROKEN.isdisjoint(defect.name for defect in message.defects):
        return message
    data = b"".join(one.raw for one in message.fields) + message.separator + message.body
    block = find_block(data)
    fields = split_block(data, block.stop)
    separator, body = data[block.stop : block.body], data[block.body :]
    return Message(message.source, fields, separator, body, message.defects)


def _without_body(
    block: HeaderBlock, fields: tuple[Field, ...]
) -> tuple[HeaderBlock, tuple[Field, ...]]:
    """The header without the lines at its end that are no fields: they begin the body,
    whose empty line is missing."""
    last = max((place for place, one in enumerate(fields) if one.name), default=-1)
    rest = fields[last + 1 :]
    names = {one.key for one in fields}
    if not rest or len(fields) > MAX_FIELDS or "from" not in names or names.isdisjoint(COMPLETE):
        return block, fields
    if all(_is_no_text(one) for one in rest):
        return block, fields
    start = rest[0].span.start
    return HeaderBlock(start, start, block.gap), fields[: last + 1]


def _is_no_text(field: Field) -> bool:
    """Whether a line without a name belongs to the header in spite of it: a separator,
    a banner, white space."""
    return not field.raw.strip() or field.raw.startswith((*SEPARATORS, b"Microsoft Mail "))


def _defects(data: bytes, block: HeaderBlock, fields: tuple[Field, ...]) -> list[Defect]:
    defects = []
    if not any(f.name for f in fields):
        defects.append(Defect("no_header", "the message has no header field"))
    defects += _end_defects(data, block, fields)
    if len(fields) > MAX_FIELDS:
        defects.append(
            Defect(
                "too_many_fields",
                f"more than {MAX_FIELDS} fields: the rest is kept unread",
                fields[-1].span,
            )
        )
    defects += [line_defect(f) for f in fields[:MAX_FIELDS] if not f.name and f.raw.strip(b"\r\n")]
    defects += [
        Defect("lost_fold", "a line of this field had lost its white space", f.span)
        for f in fields
        if f.repairs
    ]
    defects += [
        Defect(
            "field_too_long",
            f"a field over the limit max_field_bytes = {MAX_FIELD_BYTES}: only its start is read",
            f.span,
        )
        for f in fields
        if len(f.raw) > MAX_FIELD_BYTES
    ]
    header = data[: block.stop]
    if b"\0" in header:
        defects.append(
            Defect(
                "nul_in_header",
                "the header holds NUL bytes",
                Span(header.index(b"\0"), header.index(b"\0") + 1),
            )
        )
    if bare := OLD_MAC.search(header):
        defects.append(
            Defect(
                "bare_cr",
                "the header holds a carriage return without line feed",
                Span(*bare.span()),
            )
        )
    return defects


def _end_defects(data: bytes, block: HeaderBlock, fields: tuple[Field, ...]) -> Iterator[Defect]:
    """What is broken at the end of the header."""
    if block.gap is not None:
        author = any(one.key == "from" and one.span.start > block.gap for one in fields)
        yield Defect(
            "header_gap",
            "fields of the header stand beyond its first empty line: mail clients that keep to "
            f"RFC 5322 show them as text{', and no author' if author else ''}",
            Span(block.gap, block.stop),
        )
    if block.stop < block.body or block.stop == len(data):
        return
    if block.stop < find_block(data).stop:
        yield Defect(
            "no_header_end",
            "the empty line below the header is missing",
            Span(block.stop, block.stop),
        )
    else:
        yield Defect(
            "header_too_long",
            f"no empty line within {MAX_HEADER_BYTES} bytes: the rest is kept as body",
            Span(block.stop, len(data)),
        )


def line_defect(field: Field) -> Defect:
    """What a line without a name is."""
    if field.raw.startswith(SEPARATORS):
        return Defect(
            "mbox_separator_in_header", "an mbox separator stands among the fields", field.span
        )
    if field.raw[:1] in (b" ", b"\t"):
        return Defect(
            "folding_without_field", "a folded line stands before the first field", field.span
        )
    return Defect("line_without_colon", "a header line is no field", field.span)
