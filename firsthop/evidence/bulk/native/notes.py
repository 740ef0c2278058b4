"""Notes whose text is another one from server to server, as the version of a program:
`(8.12.3/8.11.3)`. A clause that ends with one is taught with a hole in place of it, and
what a note says the kernel finds by the expressions of the tables, which it is given
here (kernel/src/notes.rs). So the tables stay the one place that knows notes."""

from __future__ import annotations

from collections.abc import Iterable

from firsthop.evidence.bulk.native import wire
from firsthop.evidence.bulk.native.clauses import CLAUSES_BY_WEIGHT, Clause
from firsthop.evidence.bulk.native.programs import program
from firsthop.evidence.bulk.native.tables import asking, columns, constant
from firsthop.evidence.received import dialects
from firsthop.evidence.received.clause_reader import ClauseReading
from firsthop.evidence.received.dialects import COMMON_TABLE, DIALECTS, Dialect
from firsthop.evidence.received.line_groups import Groups
from firsthop.evidence.received.phrases import Pattern

HOLE = "\1"  # no text of a line has it
# what a note may say that the kernel reads: it is no matter to the words beside it
SAID = frozenset(("mta", "mta_version"))
_UNKNOWN = "(m4rk3d n0te)"  # no table knows it


def with_hole(clause: Clause, groups: Groups, text: str) -> Groups | None:
    """The groups of a line with a hole in the note that ends a clause, whose text this
    is; None where it ends with none."""
    written = "" if clause.hole is None else groups[clause.hole]
    start = written.find("(")
    if start < 0 or not written.endswith(")") or not text.endswith(written):
        return None
    return _with(clause, groups, f"{written[:start]}({HOLE})")


def with_another_note(clause: Clause, markers: Groups, text: str) -> str:
    """The text of a clause with a note that nobody knows in place of its own."""
    written = "" if clause.hole is None else markers[clause.hole]
    note = written[written.find("(") :]
    return text.removesuffix(note) + _UNKNOWN


def without_note(reading: ClauseReading) -> ClauseReading | None:
    """What a clause says beside that note; None where this is not all that is left to
    say, or where it has to do with what a note may say."""
    if reading.beyond != (("unread", [_UNKNOWN]),) or not SAID.isdisjoint(reading.facts):
        return None
    return ClauseReading(reading.facts, ())


def books() -> bytes:
    """What tables know of notes, clause by clause: how the notes tell dialects apart,
    the common ones, the guesses, and those of each dialect, which may name a
    program."""
    return wire.many([_book(clause) for clause in CLAUSES_BY_WEIGHT if clause.hole is not None])


def _book(clause: Clause) -> bytes:
    own = [
        wire.u32(one.mta is not None) + _phrases(_known(one, clause, unclaimed=False))
        for one in DIALECTS.values()
    ]
    common = (_phrases(_known(COMMON_TABLE, clause, unclaimed=one)) for one in (False, True))
    return b"".join(
        (wire.u32(clause.number), asking(f"{clause.name}_comment"), *common, wire.many(own))
    )


def _known(table: Dialect, clause: Clause, *, unclaimed: bool) -> tuple[Pattern, ...]:
    known = dialects._phrases(table, "comments", clause.name, alone=True, unclaimed=unclaimed)
    return known._patterns if known else ()


def _phrases(patterns: Iterable[Pattern]) -> bytes:
    return wire.many([_phrase(one) for one in patterns])


def _phrase(one: Pattern) -> bytes:
    """An expression, whether what it says is simple, and then its groups and what it
    says besides. All groups of a table's expressions have names."""
    names, says = one.expression.names(), dict(one.says)
    simple = SAID.issuperset((*names, *says))
    captured = {name: wire.u32(0) + wire.u32(place) for place, name in enumerate(names)}
    return b"".join(
        (
            program(one.expression.pattern, one.expression.flags),
            wire.u32(simple),
            columns(captured if simple else {}),
            columns({name: constant(name, value) for name, value in says.items() if simple}),
        )
    )


def _with(clause: Clause, groups: Groups, text: str) -> Groups:
    place = clause.hole or 0
    return (*groups[:place], text, *groups[place + 1 :])
