"""What the bulk path gives of some messages: two tables, column by column, and the
object view of each message for whom asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from firsthop.evidence.bulk.native.columns import NativeTable, WholeTable
from firsthop.evidence.dns.store import DnsStore
from firsthop.evidence.facts import EMPTY, MessageFacts
from firsthop.evidence.schema.columns import Columns, Values
from firsthop.system.arrow_columns import Column, Form, column_of

View = Callable[[DnsStore], MessageFacts]


@dataclass(frozen=True)
class Batch:
    """Two tables, column by column. `hops` says by `message` which message a line is
    of, counted from 0 in the batch.

    A column that the native kernel read is made of its buffers when it is asked for in
    `tables`; `messages` and `hops` ask for all of them."""

    tables: tuple[Mapping[str, Values], Mapping[str, Values]]  # messages, hops
    views: Sequence[View]
    # what the kernel handed over to Python, by the reason, counted; empty where it was
    # not there
    handed_over: Mapping[str, int] = field(default_factory=dict)
    # lays the table of kept fields out; None where the kernel does not
    kept_fields: Callable[[], NativeTable | None] = lambda: None

    @cached_property
    def messages(self) -> Columns:
        """The messages, column by column."""
        return dict(self.tables[0])

    @cached_property
    def hops(self) -> Columns:
        """The hops, column by column, `message` first."""
        return dict(self.tables[1])

    def column(self, table: int, form: Form) -> Column:
        """A column of one of the tables for Arrow, by its name and type; one that the
        kernel read goes as it is."""
        columns = self.tables[table]
        if isinstance(columns, WholeTable):
            return columns.column(form)
        return column_of(form, columns[form.name])

    def facts(self, message: int, store: DnsStore = EMPTY) -> MessageFacts:
        """All facts of a message, by its number in the batch, checked by the DNS
        answers of `store`; made anew each time."""
        return self.views[message](store)
