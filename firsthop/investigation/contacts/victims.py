"""The contacts of victims, from what they hand over: address books, and mail they sent.
They stay in memory; nothing of them is written, only counts are (`compare`).

    mario@libero.it=mario.vcf       whose contacts, and where they are; once a file
    mario@libero.it=Sent/           a folder of sent mail, an mbox, a .pst, ...

Raises:     SettingsError for a text of another form, a path that is not there, and a
            file in which no contact stands; none tells a contact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from firsthop.campaign.causes.contacts import Contact
from firsthop.errors import SettingsError
from firsthop.evidence.facts import MessageFacts, establish
from firsthop.evidence.identity.identities import mailboxes
from firsthop.investigation.contacts.address_book import (
    MOST_BYTES,
    cards,
    decoded,
    is_card,
    is_table,
    table,
)
from firsthop.mail.field_names import RECIPIENTS
from firsthop.mail.read import read_mail
from firsthop.mail.sources import RawMail, Skipped, read_sources
from firsthop.settings import OwnServers

_DAY = 86_400  # seconds
Contacts = dict[str, dict[str, Contact]]


def read_victims(named: Sequence[str]) -> Contacts:
    """The contacts by victim."""
    book: defaultdict[str, dict[str, Contact]] = defaultdict(dict)
    for one in named:
        victim, path = _named(one)
        read = False
        for address, contact in _read(victim, path):
            known = book[victim].get(address, Contact())
            book[victim][address] = _merged(known, contact)
            read = True
        if not read:
            raise SettingsError(f"--contacts: {path}: no contact stands in it")
    return dict(book)


def recipients(facts: MessageFacts) -> tuple[str, ...]:
    """The addresses that a message went to, as its fields and lines tell, in lower
    case."""
    fields = (field for field in facts.message.fields if field.key in RECIPIENTS)
    told = [box.address for field in fields for box in mailboxes(field.value)]
    told += [step.hop.forward_path for step in facts.path.steps]
    return tuple(dict.fromkeys(one.lower() for one in told if one and "@" in one))


def pairs_of(
    inputs: Iterable[RawMail | Skipped], own: OwnServers, left_out: Collection[tuple[str, int]]
) -> Iterator[tuple[str, str]]:
    """Author and recipient of every message, in lower case; those that stand at a place
    in `left_out` are left out."""
    for one in inputs:
        if isinstance(one, RawMail) and (one.source.uri, one.source.offset) not in left_out:
            facts = establish(read_mail(one), own)
            if facts.author and facts.author.address:
                author = facts.author.address.lower()
                yield from ((author, recipient) for recipient in recipients(facts))


def _named(text: str) -> tuple[str, Path]:
    """The victim and the path in an argument."""
    victim, equals, path = text.partition("=")
    if not equals or victim.count("@") != 1 or not path:
        raise SettingsError("--contacts: needs ADDRESS=PATH, whose contacts they are and where")
    if not Path(path).exists():
        raise SettingsError(f"--contacts: {path}: no such file or folder")
    return victim.strip().lower(), Path(path)


def _read(victim: str, path: Path) -> Iterator[tuple[str, Contact]]:
    text = _address_book(path)
    if text is None:
        yield from _sent(victim, path)
    else:
        addresses = cards(text) if is_card(text) else table(text)
        yield from ((one, Contact(in_book=True)) for one in addresses)


def _address_book(path: Path) -> str | None:
    """The text of an address book; None where the path is none."""
    if not path.is_file():
        return None
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise SettingsError(f"--contacts: {path}: {error.strerror}") from error
    text = decoded(data[:MOST_BYTES])
    if not is_card(text) and not is_table(text):
        return None
    if len(data) > MOST_BYTES:
        raise SettingsError(f"--contacts: {path}: more than {MOST_BYTES >> 20} MB")
    return text


def _sent(victim: str, path: Path) -> Iterator[tuple[str, Contact]]:
    """Whom the victim wrote to, each with the day."""
    for one in read_sources([path]):
        if not isinstance(one, RawMail):
            continue
        facts = establish(read_mail(one), OwnServers())
        author = facts.author.address if facts.author else None
        if author and author.lower() == victim:
            instant = facts.date.instant if facts.date else None
            day = None if instant is None else instant // _DAY
            for address in recipients(facts):
                yield address, Contact(day, written_to=True)


def _merged(one: Contact, other: Contact) -> Contact:
    """What two sources know of a contact; the earliest day counts."""
    days = [day for day in (one.day, other.day) if day is not None]
    return Contact(
        min(days, default=None),
        one.in_book or other.in_book,
        one.written_to or other.written_to,
    )
