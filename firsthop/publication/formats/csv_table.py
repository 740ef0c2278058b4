"""A table for other programs (RFC 4180), whose cells come from mail.

A cell that a spreadsheet would take for a formula has an apostrophe before it. So has
what follows a semicolon or a tab within a cell: where the comma is the decimal sign, a
spreadsheet parts cells there. Control characters are written as escapes."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from firsthop.publication.bulletin.render import visible

Cell = str | int | None
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_WITHIN = re.compile(r"(;\s*)([=+@|%-])")


def csv_table(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """The table with a row of names above it; None is an empty cell."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(columns)
    for row in rows:
        writer.writerow(map(_cell, row))
    return file.getvalue()


def _cell(value: Cell) -> str | int:
    if value is None:
        return ""
    if isinstance(value, int):
        return value
    shown = visible(value)
    if ";" in shown:
        shown = _WITHIN.sub(r"\1'\2", shown)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown
