"""What a mail client leaves in a header, gathered once for all marks: its fields in
their order, Message-ID, boundary, Date (RFC 5322, RFC 2046).

Reads the header only. The body is never touched: the boundary is that of the message's
own Content-Type."""

from __future__ import annotations

import re
from dataclasses import dataclass

from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.path.path import Path
from firsthop.evidence.timestamp import Stamp
from firsthop.mail.message import Evidence, Field, Message

_BOUNDARY = re.compile(r'\bboundary\s*=\s*(?:"([^"]*)"|([^\s;"]+))', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Traces:
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


# the checks look at one message after another: the last one is not read again
_last: Traces | None = None


def traces(facts: MessageFacts, mailer: str) -> Traces:
    """The traces of a message that is said to come from `mailer`."""
    global _last  # noqa: PLW0603 - one reference, swapped at once; a thread that loses the race reads its message again
    last = _last
    if (
        last is not None
        and last.message is facts.message
        and last.mailer == mailer
        and last.message_id == facts.message_id.value
    ):
        return last
    places: dict[str, int] = {}
    for index, field in enumerate(facts.message.fields):
        places.setdefault(field.name.lower(), index)
    whole = facts.message.source.evidence is not Evidence.PUBLICATION
    domain = facts.author.domain.lower() if facts.author and facts.author.domain else None
    boundary = _boundary(facts.message, places)
    _last = Traces(
        facts.message,
        mailer,
        facts.message_id.value,
        facts.date,
        boundary,
        places,
        whole,
        facts.path,
        domain,
    )
    return _last


def _boundary(message: Message, places: dict[str, int]) -> str | None:
    index = places.get("content-type")
    found = _BOUNDARY.search(message.fields[index].value) if index is not None else None
    return None if found is None else found[1] if found[1] is not None else found[2]
