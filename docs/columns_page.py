"""The page of a case's Parquet columns, from the descriptions they are made by."""

from __future__ import annotations

from collections.abc import Iterator

from firsthop.case.parquet.columns import TABLES
from firsthop.evidence.schema.columns import Table

SAYS = """The evidence of a case lies in six Parquet files: one row a message, a Received line, a
finding, a verdict, somebody who is named, a field that may be quoted. The first four hold what
`examine --json` tells ([JSON](json.md)), flat: one description gives both, and the names differ
only where a file would have two columns of one name.

`message` numbers the messages in the order of reading, from 1, in all six; hops stand newest
first. Instants are `TIMESTAMP WITH TIME ZONE`; one outside the years 1970 to 9999 is null, and so
is a number beyond 64 bits. A list is never null; where *null means* is empty, neither is any other
value. A lone surrogate is shown as `\\udNNN`."""


def columns_page(note: str) -> str:
    """The page."""
    parts = ["# Parquet columns", "", note, "", SAYS]
    for table in TABLES:
        parts += _table(table)
    return "\n".join([*parts, ""])


def _table(table: Table) -> Iterator[str]:
    yield from ("", f"## {table.name}.parquet", "", table.sentence, "")
    yield from ("| column | type | unit | what it is | null means |", "|---|---|---|---|---|")
    yield "| `message` | BIGINT |  | The number of the message. |  |"
    for one in table.columns:
        kind = one.type.replace('"', "").replace("|", "\\|")
        yield f"| `{one.name}` | {kind} | {one.unit} | {one.sentence} | {one.null} |"
