"""What a mail client leaves in a header, gathered once for all marks: its fields in
their order, Message-ID, boundary, Date (RFC 5322, RFC 2046).

Reads the header only. The body is never touched: the boundary is that of the message's
own Content-Type."""

from __future__ import annotations

import re

from firsthop.evidence.identity.identities import Claim, Mailbox
from firsthop.evidence.path.path import Path
from firsthop.evidence.timestamp import Stamp
from firsthop.mail.message import Evidence, Field, Message
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

_BOUNDARY = compiled(r'\bboundary\s*=\s*(?:"([^"]*)"|([^\s;"]+))', re.IGNORECASE)


class Traces(NamedTuple):
    """The header of one message as the marks look at it."""

    message: Message
    mailer: str  # the program it is said to come from, "" for none
    message_id: str | None
    date: Stamp | None
    boundary: str | None  # of the message's own Content-Type
    places: dict[str, int]  # lower-case field name -> index of the first field so called
    whole: bool  # False for a publication: a field that it does not show may have been there
    path: Path | None = None  # None: nothing is known of it
    author_domain: str | None = None  # in lower case

    def field(self, name: str) -> Field | None:
        """The first field of that (lower-case) name."""
        index = self.places.get(name)
        return None if index is None else self.message.fields[index]

    def value(self, name: str) -> str | None:
        """The unfolded value of the first field of that (lower-case) name."""
        field = self.field(name)
        return None if field is None else field.value


def traces(
    message: Message,
    path: Path,
    author: Mailbox | None,
    message_id: Claim,
    date: Stamp | None,
    mailer: str | None,
) -> Traces:
    """The traces in a message that says, or is said, to come from `mailer`."""
    places: dict[str, int] = {}
    for index, field in enumerate(message.fields):
        places.setdefault(field.name.lower(), index)
    return Traces(
        message,
        mailer or "",
        message_id.value,
        date,
        _boundary(message, places),
        places,
        message.source.evidence is not Evidence.PUBLICATION,
        path,
        author.domain.lower() if author and author.domain else None,
    )


def _boundary(message: Message, places: dict[str, int]) -> str | None:
    index = places.get("content-type")
    match = _BOUNDARY.search(message.fields[index].value) if index is not None else None
    return None if match is None else match[1] if match[1] is not None else match[2]
