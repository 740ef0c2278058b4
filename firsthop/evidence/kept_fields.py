"""The fields of a header that a publication may quote, with their place in the message:
what a case keeps of them when the message itself is gone.

Never:      changes a byte of them. A field longer than MAX_BYTES is cut, and its span
            tells that it was longer; of a header with more than MAX_FIELDS of them the
            first are kept.
Source:     RFC 5322 section 3.6, RFC 5321 section 4.4; the fields of programs are those
            whose names begin with X-.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import accumulate, chain, compress, repeat
from operator import methodcaller
from typing import Any, NamedTuple

from firsthop.mail.field_names import QUOTED
from firsthop.mail.message import Field, Message, Span

MAX_FIELDS = 100  # of one message
MAX_BYTES = 4_000  # of one field
NAMES = QUOTED
_line_ends: Callable[[bytes], int] = methodcaller("count", b"\n")
OF_PROGRAMS = "x-"  # how their names begin, in lower case
# what receivers and filters put on top: long, and no word of the sender's
OF_RECEIVERS = (
    "x-ms-",
    "x-microsoft-",
    "x-forefront-",
    "x-exchange-",
    "x-eopattributed",
    "x-gm-",
    "x-google-",
    "x-received",
    "x-spam",
    "x-virus",
)


class KeptField(NamedTuple):
    """One field as it stands in the message."""

    name: str
    raw: str  # its bytes, each as the character of that number (ISO 8859-1)
    span: Span
    line: int  # of the message, from 1, on which it begins
    repaired: str | None = None  # the value when damage was repaired
    repairs: tuple[str, ...] = ()

    @property
    def field(self) -> Field:
        """The field itself."""
        raw = self.raw.encode("latin-1")
        return Field(self.name, raw, self.span, self.repaired, self.repairs)

    @property
    def cut(self) -> bool:
        """Whether it is longer than what was kept."""
        return self.span.stop - self.span.start > len(self.raw)


def kept_fields(message: Message) -> tuple[KeptField, ...]:
    """Those fields, in the order of the header. Linear in the header."""
    _, parts = kept_parts([message])
    return tuple(map(KeptField, *parts.values()))


def kept_parts(messages: Sequence[Message]) -> tuple[list[int], dict[str, Sequence[Any]]]:
    """The same of some messages, column by column: of each field the number of its
    message, from 0, and the values of a KeptField by name."""
    counts = [len(one.fields) for one in messages]
    every = list(zip(*chain.from_iterable(one.fields for one in messages), strict=True))
    names, raws, spans, repaired, repairs = every or [()] * len(Field._fields)
    kept = list(map(_is_named_so, names))
    ends = list(accumulate(map(_line_ends, raws), initial=0))  # of lines, before each field
    starts = list(accumulate(counts, initial=0))
    for start, count in zip(starts, counts, strict=False):
        if count > MAX_FIELDS:
            _keep_first(kept, start, start + count)
    before = chain.from_iterable(map(repeat, map(ends.__getitem__, starts), counts))
    numbers = chain.from_iterable(map(repeat, range(len(messages)), counts))
    return list(compress(numbers, kept)), {
        "name": list(compress(names, kept)),
        "raw": [raw[:MAX_BYTES].decode("latin-1") for raw in compress(raws, kept)],
        "span": list(compress(spans, kept)),
        "line": [
            1 + here - first for here, first in compress(zip(ends, before, strict=False), kept)
        ],
        "repaired": list(compress(repaired, kept)),
        "repairs": list(compress(repairs, kept)),
    }


def _keep_first(kept: list[bool], start: int, stop: int) -> None:
    """Of the fields of one message the first MAX_FIELDS that are kept."""
    for place in [place for place in range(start, stop) if kept[place]][MAX_FIELDS:]:
        kept[place] = False


@lru_cache(maxsize=1_024)
def _is_named_so(name: str) -> bool:
    return is_kept(name.lower())


def is_kept(key: str) -> bool:
    """Whether a field of that name, in lower case, is one of them."""
    return key in NAMES or (key.startswith(OF_PROGRAMS) and not key.startswith(OF_RECEIVERS))
