"""What every writer of a format is: a name and a function from a campaign to files. A
format is one module; EXPORTERS in `exporters.py` lists them.

Promises:   the same campaign gives the same bytes: identifiers come from content, times
            from the case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from firsthop.publication.exports.rules.rule import RuleSet
from firsthop.publication.exports.source import ExportSource


class Gap(NamedTuple):
    """Something that the format cannot say, or that was refused, and why."""

    what: str
    reason: str


class Exported(NamedTuple):
    """What came of one format."""

    files: Mapping[str, bytes]  # by their path below the format's folder
    gaps: tuple[Gap, ...] = ()
    rules: RuleSet | None = None  # of a filter: what was measured of it


class Exporter(NamedTuple):
    """A format."""

    name: str  # of its folder
    explanation: str  # for --help and the documentation: one sentence
    tried: str  # the program that reads it in the tests; or that it was never run
    write: Callable[[ExportSource], Exported]
