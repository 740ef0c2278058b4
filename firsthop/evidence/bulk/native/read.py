"""Reads a batch by the native kernel: what it hands over is answered in Python, and
what Python learns by that is taught to it. Gives the columns and the views of the
Python path; None where there is no kernel, or where it fails, which the caller makes
good in Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache, partial

from firsthop.evidence.bulk.batch import Batch
from firsthop.evidence.bulk.native import tables
from firsthop.evidence.bulk.native.columns import NativeTable, WholeTable
from firsthop.evidence.bulk.native.kept import kept_natively
from firsthop.evidence.bulk.native.library import Kernel, KernelError, NativeBatch, library
from firsthop.evidence.bulk.native.questions import Answered, Asked, Question, Why, answer
from firsthop.evidence.bulk.native.told import told
from firsthop.evidence.bulk.native.views import Views
from firsthop.evidence.schema.columns import Column, Values
from firsthop.evidence.schema.message import MESSAGES
from firsthop.mail.message import Evidence
from firsthop.mail.sources.raw import RawMail
from firsthop.settings import OwnServers

_MESSAGE_KINDS = tuple((column.name, tables.kind(column)) for column in tables.MESSAGE_COLUMNS)
_HOP_KINDS = (
    ("message", "i"),
    *((column.name, tables.kind(column)) for column in tables.HOP_COLUMNS),
)
_OF_SOURCE = tuple(column for column in MESSAGES.columns if column.part == "source")
_ORDER = tuple(column.name for column in MESSAGES.columns)


@cache
def kernel() -> Kernel | None:
    """The kernel of this process, or None where there is none that fits."""
    loaded = library()
    if loaded is None or not tables.fits():
        return None
    try:
        known = told()
        made = Kernel(loaded, known.tables)
        made.teach(known.lessons)
        return made if made.schema() == tables.schema() else None
    except KernelError:
        return None


def read_natively(mails: Sequence[RawMail], own: OwnServers) -> Batch | None:
    """The facts of each of `mails`, in order."""
    if (engine := kernel()) is None:
        return None
    skip = bytes(mail.source.evidence is Evidence.PUBLICATION for mail in mails)
    try:
        native = engine.read([mail.data for mail in mails], skip)
        answered = answer(native, mails, own)
        unknown = not own and not own.assume
        native.finish(unknown=unknown)
        return _batch(native, mails, own, answered, unknown=unknown)
    except (KernelError, UnicodeEncodeError):  # half of a character: no column of bytes holds it
        return None


def _batch(
    native: NativeBatch,
    mails: Sequence[RawMail],
    own: OwnServers,
    answered: Answered,
    *,
    unknown: bool,
) -> Batch:
    messages = NativeTable(native, 0, _MESSAGE_KINDS)
    hops = NativeTable(native, 1, _HOP_KINDS)
    views = Views(mails, own, answered, native)
    of_messages: dict[str, Callable[[], Values]] = {
        column.name: partial(_from_source, column, mails) for column in _OF_SOURCE
    }
    of_hops: dict[str, Callable[[], Values]] = {}
    if not unknown:
        of_hops["trust"] = views.trust
        of_messages["boundary_position"] = partial(views.boundary, "position")
        of_messages["boundary_reason"] = partial(views.boundary, "reason")
    return Batch(
        (WholeTable(messages, _ORDER, of_messages), WholeTable(hops, tuple(hops), of_hops)),
        [partial(views.facts, number) for number in range(len(mails))],
        Counter(map(_reason, answered.questions)),
        partial(kept_natively, native, answered.facts),
    )


def _from_source(column: Column, mails: Sequence[RawMail]) -> Values:
    return column.values({"source": [mail.source for mail in mails]})


def _reason(question: Question) -> str:
    """In words: what was handed over, and a line's reason."""
    kind = Asked(question.kind)
    return f"line {Why(question.why).name}".lower() if kind is Asked.LINE else kind.name.lower()
