"""The counts behind the strengths: `base_rates.toml`, written by `python -m
benchmarks.base_rates` from the corpora and never by hand."""

from __future__ import annotations

from functools import cache

from firsthop.judgement.finding import BaseRate
from firsthop.system.toml_tables import package_table

_TABLE = package_table(__package__, "base_rates.toml")


@cache
def base_rate(check: str, mark: str) -> BaseRate | None:
    """The count of a check's mark, or None where it was never counted: the mark then
    carries no weight."""
    return base_rates(check).get(mark)


def base_rates(check: str) -> dict[str, BaseRate]:
    """Every counted mark of a check."""
    return {
        mark: BaseRate(entry["corpus"], tuple(entry["holds"]), tuple(entry["fails"]))
        for mark, entry in _TABLE.get(check, {}).items()
    }
