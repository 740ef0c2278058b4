"""The header of a message as the bulk path needs it: its fields' names and places, and
the values that are asked for (RFC 5322 section 2.2).

The same split as header.py and the same values as Field.value, without a Field for each
field. A header that breaks its form in a rare way is left to header.py: there is one
place that names such damage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise, repeat
from typing import Any

from firsthop.mail.beyond import GAP
from firsthop.mail.field_names import ONCE
from firsthop.mail.header import MAX_FIELDS, line_defect
from firsthop.mail.lost_folds import SEPARATORS
from firsthop.mail.message import MAX_FIELD_BYTES, Field, Message, Source, Span
from firsthop.system.kept_expressions import compiled

# A field with its folded lines and its line ending, and its name; as header.FIELD,
# on text of one character a byte.
_FIELDS = compiled(r"((?:([!-9;-~]++)[ \t]*+:)?+[^\n]*+\n?+(?:[ \t][^\n]*+\n?+)*+)")
_SEPARATORS = tuple(one.decode("ascii") for one in SEPARATORS)
_LONE_CR = compiled(r"\r(?!\n)")
_new: Callable[..., Any] = tuple.__new__  # a NamedTuple of its values, in order
_AS_WRITTEN = (repeat(None), repeat(()))  # no field is repaired


class Header:
    """The fields of one message by their number, from 0."""

    __slots__ = ("_data", "_first", "_keys", "_raws", "_starts", "defects", "hops", "names")

    def __init__(self, fields: list[tuple[str, str]], data: bytes) -> None:
        self._data = data
        raws, names = zip(*fields, strict=True)
        self._raws: tuple[str, ...] = raws
        self._starts = [*accumulate(map(len, raws), initial=0)]
        self.names: list[str] = list(names)
        self._keys = keys = "\n".join(names).lower().split("\n")
        self._first = dict(zip(reversed(keys), range(len(keys) - 1, -1, -1), strict=True))
        self.hops = (
            [place for place, key in enumerate(keys) if key == "received"]
            if "received" in self._first
            else []
        )
        self.defects: list[str] = []

    def repeats(self, name: bytes | None) -> bool:
        """Whether a field called `name`, which may stand once, is here already: another
        one beyond the empty line is no field of this header."""
        key = (name or b"").lower().decode()
        return key in ONCE and key in self._first

    @property
    def odd(self) -> bool:
        """Whether a name begins with no letter: what header.py may take for a line of
        the field above."""
        keys = self._first.keys() - {""} if "" in self._first else self._first
        return bool(keys) and not "a" <= min(keys) <= max(keys) < "{"

    def first(self, key: str) -> int | None:
        """The number of the first field called `key`, in lower case."""
        return self._first.get(key)

    def all(self, key: str) -> list[int]:
        """The numbers of all fields called `key`, in lower case."""
        if self._keys.count(key) < 2:
            return [self._first[key]] if key in self._first else []
        return [place for place, one in enumerate(self._keys) if one == key]

    def value(self, place: int) -> str:
        """The unfolded value."""
        text = self._raws[place].partition(":")[2]
        if not text.isascii():
            text = text.encode("latin-1").decode("utf-8", "backslashreplace")
        return " ".join(text.split())

    def received(self) -> list[str]:
        """The values of the Received fields, newest first."""
        return [self.value(place) for place in self.hops]

    def span(self, place: int) -> Span:
        """Where a field stands in the message."""
        return Span(self._starts[place], self._starts[place + 1])

    def field(self, place: int) -> Field:
        """A field as header.py gives it."""
        span = self.span(place)
        return Field(self.names[place], self._data[span.start : span.stop], span)

    def message(self, source: Source) -> Message:
        """The message as header.py gives it, without splitting its header again."""
        return message_of(source, self._data, self.names, self._starts, self._keys)


def message_of(
    source: Source,
    data: bytes,
    names: Sequence[str],
    bounds: Sequence[int],
    keys: Sequence[str],
) -> Message:
    """The message in `data` as header.py gives it: `names` are of its fields, `keys`
    the same in lower case, `bounds` are where each of them begins and where the last
    one stops."""
    raws = map(data.__getitem__, map(slice, bounds, bounds[1:]))
    places = map(_new, repeat(Span), pairwise(bounds))
    told = zip(names, raws, places, *_AS_WRITTEN, strict=False)
    fields: tuple[Field, ...] = tuple(map(_new, repeat(Field), told))
    stop = bounds[-1]
    body = stop + (2 if data[stop : stop + 1] == b"\r" else 1)
    defects = () if all(names) else tuple(line_defect(one) for one in fields if not one.name)
    message = Message(source, fields, data[stop:body], data[body:], defects)
    message.index(keys)
    return message


def read_header(data: bytes) -> Header | None:
    """The header of the message in `data`; None where header.py has more to
    say of it."""
    stop = _likely_stop(data)
    beyond = GAP.match(data, stop)
    text = data[:stop].decode("latin-1")
    if "\0" in text or "\n--" in text or ("\r" in text and _LONE_CR.search(text)):
        return None
    fields = _FIELDS.findall(text)
    fields.pop()  # the empty end
    if not fields or len(fields) > MAX_FIELDS:
        return None
    header = Header(fields, data)
    if header.odd or (beyond and not header.repeats(beyond[1])):
        return None
    if "" not in header._first:
        return header
    return _with_separator(header)


def _likely_stop(data: bytes) -> int:
    """Where the first empty line of the first line's form stands; where there is none,
    the end of the message, and 0 if that is beyond what is read of a field.

    An earlier empty line of the other form is a line without a name, which is not dealt
    with here."""
    line = data.find(b"\n")
    likely = b"\n\r\n" if data[line - 1 : line] == b"\r" else b"\n\n"
    stop = data.find(likely, 0, MAX_FIELD_BYTES) + 1
    return len(data) if not stop and len(data) <= MAX_FIELD_BYTES else stop


def _with_separator(header: Header) -> Header | None:
    """A header with one line that is no field: the separator that mailboxes put before
    it."""
    if (
        header.names.count("") > 1
        or len(header.names) == 1
        or not header._raws[header._first[""]].startswith(_SEPARATORS)
    ):
        return None
    header.defects.append("mbox_separator_in_header")
    return header
