"""The counts behind the mailer's marks: `mailer_rates.toml`, written by
`python -m benchmarks.mailers` and never by hand.

Three kinds of marks are counted for a program: "lacks.MARK" (one mark is not met),
"meets.VIEW" (every readable mark of a view is met) and "looks" (Message-ID and boundary
have the program's shape, whatever the message names)."""

from __future__ import annotations

from typing import Any

from firsthop.judgement.finding import BaseRate
from firsthop.system.toml_tables import package_table

Rates = dict[tuple[str, str], BaseRate]  # by program key and mark


def read_rates(table: dict[str, Any]) -> Rates:
    """The counts in the content of a mailer_rates.toml."""
    return {
        (program, mark): BaseRate(entry["corpus"], tuple(entry["holds"]), tuple(entry["fails"]))
        for program, marks in table.items()
        for mark, entry in marks.items()
    }


RATES = read_rates(package_table(__package__, "mailer_rates.toml"))
