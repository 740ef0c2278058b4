"""The clauses of a line as the kernel keeps them: which groups of a line's pattern are
of which clause, and the keys by which their forms are known (kernel/src/keys.rs and
forms.rs write the same)."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from firsthop.evidence.bulk.native import wire
from firsthop.evidence.received import dialects
from firsthop.evidence.received.clauses import CLAUSES
from firsthop.evidence.received.dialects import LOOK, MEMO_PARTS
from firsthop.evidence.received.line import WEIGHT
from firsthop.evidence.received.line_groups import Groups, LineGroups
from firsthop.evidence.received.line_pattern import WITH_RARE
from firsthop.evidence.received.line_templates import IN_THE_FORM, IN_THE_FORM_BUT_NOTES
from firsthop.evidence.received.names import name_kind

LINE = LineGroups(WITH_RARE)  # the kernel's
_FRONT = ("from", "head")  # they stand in front of "by"
ASKS_KIND = "from"
_HOLES = {"by": "software_as_is", "with": "with_as_is"}
ALL = -1  # alternatives, as bits


class Clause(NamedTuple):
    """One clause: its number, and its groups by what they are for."""

    number: int
    name: str
    holders: tuple[int, ...]  # the clause is there where one of them is
    groups: tuple[int, ...]
    variables: tuple[int, ...]
    as_is: tuple[int, ...]
    names: tuple[int, ...]
    addresses: tuple[int, ...]
    ports: tuple[int, ...]
    parts: tuple[str, ...]  # of a line that tell the same of every line of its form
    hole: int | None  # the group that may end with a note

    @property
    def front(self) -> bool:
        """Whether it stands in front of "by"."""
        return self.name in _FRONT

    def is_there(self, groups: Groups) -> bool:
        """Whether a line has it."""
        return any(groups[place] for place in self.holders)

    def key(self, groups: Groups) -> bytes:
        """The key of its form in a line."""
        there = sum(1 << bit for bit, place in enumerate(self.variables) if groups[place])
        kept = [groups[place] for place in self.as_is]
        kept += [name_kind(groups[place]) for place in self.names]
        return b"".join(
            (
                bytes((self.number, bool(groups[LINE.by])) if self.front else (self.number,)),
                there.to_bytes((len(self.variables) + 7) // 8, "little"),
                "".join([f"{text}\0" for text in kept]).encode(),
            )
        )

    def mask(self, groups: Groups, text: str, *, notes: bool = True) -> int:
        """The alternatives that it does not rule out, as bits; or its words alone."""
        mask = ALL
        for part in self.parts:
            if (not groups[LINE.writer] or part in IN_THE_FORM_BUT_NOTES) and (
                notes or not part.endswith("_comment")
            ):
                mask &= allowed(part, text[:LOOK])
        return mask


def _clauses() -> tuple[Clause, ...]:
    holders: dict[str, tuple[int, ...]] = {name: (LINE.places[name],) for name in CLAUSES}
    holders |= {"via": (LINE.places["via"], *LINE.early_vias)}
    starts = sorted((place, name) for name, places in holders.items() for place in places)
    of = [name for _, name in starts]
    firsts = [place for place, _ in starts]
    owner = {place: of[bisect_right(firsts, place) - 1] for place in LINE.places.values()}

    def own(places: tuple[int, ...], name: str) -> tuple[int, ...]:
        return tuple(place for place in places if owner[place] == name)

    return tuple(
        Clause(
            number,
            name,
            holders[name],
            tuple(sorted(place for place, of in owner.items() if of == name)),
            own(tuple(LINE.variables), name),
            own(LINE.as_is, name),
            own(LINE.names, name),
            own(LINE.addresses, name),
            own(LINE.ports, name),
            tuple(part for part in IN_THE_FORM if part.removesuffix("_comment") == name),
            LINE.places.get(_HOLES.get(name, "")),
        )
        for number, name in enumerate(WEIGHT)
    )


def allowed(part: str, text: str) -> int:
    """The alternatives that a part does not rule out, given the text of its clause."""
    if part not in MEMO_PARTS:
        return dialects.narrowed(ALL, part, text)
    take = dialects._TAKE[part][1]
    return dialects._mask(part, take(text) if take and text else text)


CLAUSES_BY_WEIGHT = _clauses()
_NOTHING: Groups = ("",) * len(LINE.places)


def told() -> bytes:
    """All clauses, as the kernel reads them."""
    return wire.many([_told(clause) for clause in CLAUSES_BY_WEIGHT])


def _told(clause: Clause) -> bytes:
    return b"".join(
        (
            *map(wire.u32s, (clause.holders, clause.variables, clause.as_is, clause.names)),
            wire.u32(clause.front),
            wire.u32(clause.name == ASKS_KIND),
            wire.u32(0 if clause.hole is None else clause.hole + 1),
            wire.bits(clause.mask(_NOTHING, "")),
        )
    )
