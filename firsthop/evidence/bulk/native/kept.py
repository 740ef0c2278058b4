"""The header fields that a case keeps (evidence/kept_fields.py), as columns that the
kernel lays out of the bytes that it read. Those of messages that were handed over come
from Python."""

from __future__ import annotations

from collections.abc import Mapping

from firsthop.evidence.bulk.native import wire
from firsthop.evidence.bulk.native.columns import NativeTable
from firsthop.evidence.bulk.native.library import KernelError, NativeBatch
from firsthop.evidence.bulk.native.questions import written
from firsthop.evidence.bulk.native.tables import kind
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.kept_fields import kept_parts
from firsthop.evidence.schema.kept_field import HEADER_FIELDS

_TABLE = 2  # of the kernel's
_KINDS = (("message", "i"), *((column.name, kind(column)) for column in HEADER_FIELDS.columns))
_PLACES = {name: (place, of) for place, (name, of) in enumerate(_KINDS)}


def kept_natively(native: NativeBatch, whole: Mapping[int, MessageFacts]) -> NativeTable | None:
    """The table of a batch's kept fields, `message` counted from 0; None where the
    kernel does not take in what `whole` has: the messages that Python read."""
    try:
        native.keep(_told(whole))
    except (KernelError, UnicodeEncodeError):  # half of a character, as in read.py
        return None
    return NativeTable(native, _TABLE, _KINDS)


def _told(whole: Mapping[int, MessageFacts]) -> bytes:
    of, parts = kept_parts([facts.message for facts in whole.values()])
    counts = [wire.u32(number) + wire.u32(of.count(place)) for place, number in enumerate(whole)]
    return wire.many(counts) + written(HEADER_FIELDS.filled(parts), _PLACES)
