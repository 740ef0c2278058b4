"""Puts lines of a mail's header back into the field that they belong to: folds that
lost their white space, or that an empty line cuts off.

Only a field that lacks something takes such a line (open_field.py): a Received line its
time, a list its next tag, a name its value. All bytes stay, and the repair is named.
Lines that nothing asks for stay lines without a name."""

from __future__ import annotations

from firsthop.mail.damage import Line
from firsthop.mail.field_names import TAGGED
from firsthop.mail.message import MAX_FIELD_BYTES, Field, Span
from firsthop.mail.open_field import MAX_GUESSED_LINES, OpenField

SEPARATORS = (b"From ", b">From ")  # what mailboxes put before a message
_NEVER = (*SEPARATORS, b"Microsoft Mail Internet Headers", b"--")


def with_folds(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """The fields, each with the lines without a name of a field that are its own."""
    found: list[Field] = []
    place = 0
    while place < len(fields):
        count = _lines_taken(fields, place) if fields[place].name[:1].isalpha() else 0
        found.append(_joined(fields[place : place + count + 1]) if count else fields[place])
        place += count + 1
    return tuple(found)


def _lines_taken(fields: tuple[Field, ...], place: int) -> int:
    """How many of the lines that follow a field are its own."""
    field = fields[place]
    if place + 1 == len(fields) or _is_field(fields[place + 1], field.key in TAGGED):
        return 0
    opened = OpenField(field.name, field.value, _line(field), after_blank=False, repairs=())
    taken = sure = blanks = 0
    for other in fields[place + 1 :]:
        if other.raw.startswith(_NEVER) or _is_field(other, opened.key in TAGGED):
            break
        taken += 1
        line = _line(other)
        if line.blank:
            blanks += 1
            continue
        if opened.zoned:
            break  # the line is whole, and what follows may be the sender's
        named = other.name[:1].isalpha() and "=" not in other.name
        if named and not opened.lists_names(line.text.strip()):
            break
        guessed = not _asked_for(opened, line, blanks)
        if guessed and (not opened.unfinished or opened.guessed >= MAX_GUESSED_LINES or blanks):
            break
        opened.fold(line, blanks, guessed)
        blanks = 0
        if not guessed or opened.dated:
            sure = taken
    return sure


def _is_field(field: Field, after_tags: bool) -> bool:
    """Whether a line is a field for sure: not one that has no name, or that begins with
    a digit or a bracket before its first colon, or with a list of names."""
    if not field.name[:1].isalpha():
        return False
    return not (after_tags and ("=" in field.name or field.value[:1].isalpha()))


def _asked_for(opened: OpenField, line: Line, blanks: int) -> bool:
    text = line.text.strip()
    if opened.asks_beyond_blanks(text) or (line.indent and opened.unfinished):
        return True
    if blanks:
        return False
    return opened.empty or opened.asks_for(text) or opened.lists_names(text)


def _line(field: Field) -> Line:
    raw = field.raw[:MAX_FIELD_BYTES].lstrip(b"\r\n") or b"\n"
    text = " ".join(raw.decode("utf-8", "backslashreplace").split())
    indented = raw[:1] in (b" ", b"\t") and bool(text)
    return Line(" " + text if indented else text, *field.span, ())


def _joined(parts: tuple[Field, ...]) -> Field:
    first = parts[0]
    pieces = [first.value, *(_line(part).text.strip() for part in parts[1:])]
    cut = any(part.raw[:2].strip() == b"" and part.raw[:1] in (b"\r", b"\n") for part in parts[1:])
    below = "value_on_next_line" if not first.value else "unindented_fold"
    return Field(
        first.name,
        b"".join(part.raw for part in parts),
        Span(first.span.start, parts[-1].span.stop),
        " ".join(" ".join(pieces).split())[:MAX_FIELD_BYTES],
        ("blank_line_in_fold",) if cut else (below,),
    )
