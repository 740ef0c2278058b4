"""Every identity a message claims, by the role it plays (RFC 5322 section 3.6, RFC 5598
section 2, RFC 6376, RFC 2919). All of them are claims."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from firsthop.evidence.identity.address_field import mailboxes, shown_domain
from firsthop.evidence.identity.mailbox import Mailbox
from firsthop.evidence.path.path import Path
from firsthop.evidence.tag_list import told_first
from firsthop.mail.field_names import MAILBOX_ROLES, OTHER_ROLES
from firsthop.mail.message import Field, Message
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

_READ = OTHER_ROLES | MAILBOX_ROLES.keys()
_LIST_ID = compiled(r"<([^<>\s]+)>\s*$")
# Letters of other scripts that look like ASCII ones (Unicode Technical Standard 39,
# confusables: the lower-case letters a domain can hold).
_LOOKALIKES = str.maketrans("аеорсухіјѕԁһԛԝьɡıοαεικνρτυχγ", "aeopcyxijsdhqwbgioaeikvptuxy")


class Identity(NamedTuple):
    """One claimed identity."""

    role: str
    address: str | None
    domain: str | None  # lower case
    display_name: str | None
    field: Field


def identities(message: Message, path: Path) -> tuple[Identity, ...]:
    """The identities of a message in the order of its header, the first hop's HELO
    last."""
    return (*_of_fields(message), *_of_helo(path))


def _of_fields(message: Message) -> Iterator[Identity]:
    for field in message.among(_READ):
        key = field.key
        if role := MAILBOX_ROLES.get(key):
            yield from (_of_mailbox(role, box, field) for box in mailboxes(field.value))
        elif key == "message-id" and "@" in field.value:
            yield Identity("message_id", None, _domain(field.value), None, field)
        elif key == "dkim-signature":
            for tag, value in told_first(field.value, "d", "i"):
                yield Identity(
                    f"dkim_{tag}", value if "@" in value else None, _domain(value), None, field
                )
        elif key == "list-id" and (match := _LIST_ID.search(field.value)):
            yield Identity("list_id", None, match[1].lower(), None, field)


def _of_mailbox(role: str, box: Mailbox, field: Field) -> Identity:
    return Identity(role, box.address, box.domain, box.display_name, field)


def _of_helo(path: Path) -> Iterator[Identity]:
    first = path.first_smtp
    if first and first.hop.helo:
        yield Identity("helo", None, first.hop.helo.lower().strip("."), None, first.field)


def _domain(text: str) -> str:
    return text.rpartition("@")[2].strip("<> \t").lower().rstrip(".")


def address_in_display_name(box: Mailbox) -> str | None:
    """The domain of an address that a display name shows, where it is not the mailbox's
    own."""
    shown = shown_domain(box.display_name or "")
    return shown if shown != box.domain else None


def skeleton(domain: str) -> str:
    """A domain with lookalike letters and punycode made plain: two domains with one
    skeleton look the same to a reader."""
    labels = [_unpunycode(label) for label in domain.lower().split(".")]
    plain = unicodedata.normalize("NFKD", ".".join(labels)).translate(_LOOKALIKES)
    return "".join(c for c in plain if not unicodedata.combining(c))


def _unpunycode(label: str) -> str:
    if not label.startswith("xn--") or len(label) > 63:
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label
