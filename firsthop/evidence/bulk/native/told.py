"""What the kernel is told when it is loaded: the tables, and what the lines teach that
the tables have as their examples. A fresh process begins with both.

Making it takes as long as reading some hundred messages, so it is kept
(system/kept_work.py). Nothing that came with a mail is kept."""

from __future__ import annotations

from typing import NamedTuple

from firsthop.evidence.bulk.native import forms, notes, tables
from firsthop.evidence.received.dialects import DIALECTS
from firsthop.system.kept_work import once

_MADE_OF = ("evidence", "mail", "system")  # folders of the package
_ALL = 0xFF  # clauses of a line


class Told(NamedTuple):
    """What it is told, as it reads it."""

    tables: bytes
    lessons: bytes


def told() -> Told:
    """As it is kept, or made now and kept; without lessons where it cannot be, for they
    take longer than they save in a short run."""
    return Told(*once(__spec__.cached or __file__, _MADE_OF, made, untaught))


def made() -> Told:
    """As it is made."""
    return untaught()._replace(lessons=lessons_of(examples()))


def untaught() -> Told:
    """The tables alone."""
    return Told(tables.tables() + notes.books(), lessons_of([]))


def examples() -> list[str]:
    """The lines that the tables of dialects have as their examples."""
    return [example["line"] for dialect in DIALECTS.values() for example in dialect.examples]


def lessons_of(lines: list[str]) -> bytes:
    """What lines teach, all their clauses."""
    return forms.taught(forms.Lesson(line, _ALL) for line in lines)
