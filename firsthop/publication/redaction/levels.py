"""What a publication shows at each TLP level: one table for the program and its pages.

Source:     FIRST, Traffic Light Protocol 2.0. RED is for named readers, AMBER+STRICT
            for one organisation, AMBER for it and its clients, GREEN for a community,
            CLEAR for everybody.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from firsthop.settings import TLP

UNREDACTED = "AMBER"  # the widest level of a text that nobody has redacted


@dataclass(frozen=True, slots=True)
class Level:
    """What a level shows; what it does not show is replaced or left out."""

    tlp: str
    recipients: bool  # recipients, envelopes, logins, what link parameters say
    authors: bool  # addresses and display names of authors
    own_hosts: bool  # names of the operator's own servers
    private_hosts: bool  # machine names and addresses of inside networks
    file_names: bool  # of the inputs, below the input's folder
    texts: bool  # words of Subjects, bodies, display names, paths of links

    def shows(self, kind: str) -> bool:
        """Whether people of that kind (evidence/people.py) are shown."""
        return self.authors if kind == "author" else self.recipients


LEVELS = {
    level.tlp: level
    for level in (
        Level("RED", *(True,) * 6),
        Level("AMBER+STRICT", False, *(True,) * 5),
        Level("AMBER", False, False, *(True,) * 4),
        Level("GREEN", *(False,) * 5, True),
        Level("CLEAR", *(False,) * 6),
    )
}
assert tuple(LEVELS) == TLP  # noqa: S101 - two tables of one list

SHOWS = tuple(one.name for one in fields(Level) if one.name != "tlp")


def unredacted_tlp(tlp: str) -> str:
    """The marking of a text that was not redacted: as asked, and never wider than
    UNREDACTED."""
    return TLP[min(TLP.index(tlp), TLP.index(UNREDACTED))]
