"""What the groups of a line's pattern are for (line_pattern.py): which of them are
clauses, which texts vary and which are taken as they are; and lines with a marker in
place of each text that varies."""

from __future__ import annotations

import re

from firsthop.evidence.received.clauses import CLAUSES
from firsthop.evidence.received.line_pattern import CLASSES, FLAGS, USUAL
from firsthop.evidence.received.names import is_known, name_marker
from firsthop.system.kept_expressions import compiled

Groups = tuple[str, ...]
_ADDRESSES = ("four", "six", "zoned", "literal", "bracketed")
_EARLY_VIAS = ("expanded_as_is", "gate")  # "via" in front of "with" and "id"


class LineGroups:
    """A pattern of lines and its groups, by their places in `match.groups()`."""

    def __init__(self, pattern: str) -> None:
        self.expression = compiled(pattern, FLAGS)
        self.places = places = {n: place - 1 for n, place in self.expression.groupindex.items()}
        self.clauses = tuple(places[name] for name in CLAUSES)
        self.early_vias = tuple(places[name] for name in _EARLY_VIAS if name in places)
        self.by, self.from_, self.id = (places[name] for name in ("by", "from", "id"))
        self.writer = places["writer_four"]
        self.as_is = tuple(place for name, place in places.items() if name.endswith("_as_is"))
        self.names = tuple(place for name, place in places.items() if name.endswith("_name"))
        kinds = {place: name.rpartition("_")[2] for name, place in places.items()}
        self.variables = {place: kind for place, kind in kinds.items() if kind in CLASSES}
        self.addresses = self._of(*_ADDRESSES)
        self.ports = self._of("port")
        # small ones where they are parts of an address
        self._numbers = {
            place: number
            for some in (self.addresses, self.ports)
            for number, place in enumerate(some)
        }

    def _of(self, *kinds: str) -> tuple[int, ...]:
        return tuple(place for place, kind in self.variables.items() if kind in kinds)

    def texts(self, groups: Groups) -> dict[str, str]:
        """The texts of a line's clauses."""
        texts = {name: groups[place] for name, place in zip(CLAUSES, self.clauses, strict=True)}
        for place in self.early_vias:
            texts["via"] = texts["via"] or groups[place]
        return texts

    def varying(self, groups: Groups) -> list[int]:
        """The places of the texts that vary among the lines of a form."""
        names = [place for place in self.names if groups[place] and not is_known(groups[place])]
        return [place for place in self.variables if groups[place]] + names

    def marker(self, place: int) -> str:
        """What stands for a text of a class, at a place of a line."""
        return CLASSES[self.variables[place]][1].format(self._numbers.get(place, place))

    def marked(self, match: re.Match[str]) -> str:
        """The line without its time, a marker in place of each text that varies."""
        line, groups = match.string, match.groups("")
        for place in sorted(self.varying(groups), key=lambda place: -match.start(place + 1)):
            start, stop = match.span(place + 1)
            of_class = place in self.variables
            marker = self.marker(place) if of_class else name_marker(place, groups[place])
            line = line[:start] + marker + line[stop:]
        return line


USUAL_LINE = LineGroups(USUAL)
