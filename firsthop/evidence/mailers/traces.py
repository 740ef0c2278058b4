"""What a mail client leaves in a header, gathered once for all marks: its fields in
their order, Message-ID, boundary, Date (RFC 5322, RFC 2046).

Reads the header only. The body is never touched: the boundary is that of the message's
own Content-Type."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from firsthop.evidence.identity.identities import Claim, Mailbox
from firsthop.evidence.path.path import Path
from firsthop.evidence.timestamp import Stamp
from firsthop.mail.message import Evidence, Field, Message
from firsthop.system.cached_property import cached_property
from firsthop.system.kept_expressions import compiled

_BOUNDARY = compiled(r'\bboundary\s*=\s*(?:"([^"]*)"|([^\s;"]+))', re.IGNORECASE)


@dataclass(eq=False, repr=False)
class Traces:
    """The header of one message as the marks look at it."""

    message: Message
    mailer: str  # the program it is said to come from, "" for none
    message_id: str | None
    date: Stamp | None
    whole: bool  # False for a publication: a field that it does not show may have been there
    path: Path | None = None  # None: nothing is known of it
    author_domain: str | None = None  # in lower case

    @cached_property
    def boundary(self) -> str | None:
        """The boundary of the message's own Content-Type."""
        value = self.value("content-type")
        match = _BOUNDARY.search(value) if value else None
        return None if match is None else match[1] if match[1] is not None else match[2]

    @property
    def fields(self) -> Mapping[str, Sequence[Field]]:
        """The fields by their lower-case names."""
        return self.message.by_key

    def field(self, name: str) -> Field | None:
        """The first field of that (lower-case) name."""
        return self.message.first(name)

    def value(self, name: str) -> str | None:
        """The unfolded value of the first field of that (lower-case) name."""
        field = self.field(name)
        return None if field is None else field.value

    def values(self, name: str) -> list[str]:
        """The unfolded values of all fields of that (lower-case) name; of the Received
        fields as the path has them already."""
        if name == "received" and self.path:
            return [step.hop.raw for step in self.path.steps]
        return [field.value for field in self.message.all(name)]


def traces(
    message: Message,
    path: Path,
    author: Mailbox | None,
    message_id: Claim,
    date: Stamp | None,
    mailer: str | None,
) -> Traces:
    """The traces in a message that says, or is said, to come from `mailer`."""
    return Traces(
        message,
        mailer or "",
        message_id.value,
        date,
        message.source.evidence is not Evidence.PUBLICATION,
        path,
        author.domain.lower() if author and author.domain else None,
    )
