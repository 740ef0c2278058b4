"""A name for a campaign that a person can say and remember: whose name it uses, through
which server it comes, under which HELO, where its links lead, since when.

Made of the campaign's own distinctive elements. What everybody shares (shared.py) is no
part of a name, nor is a value that only repeats another. The id stays beside it in
machine-readable files."""

from __future__ import annotations

from collections.abc import Iterator

from firsthop.campaign.explain.campaign import Campaign
from firsthop.evidence.host.names import registrable_domain
from firsthop.publication.bulletin.document import Day, Joined, Quoted, Value, Word
from firsthop.publication.bulletin.shared import is_shared

# families that name a campaign, in the order in which their values are told: whose name
# it uses, how it is sent, then what it shows
_TOLD = (
    ("author_domain", "name.author"),
    ("relay", "name.through"),
    ("first_helo", "name.helo"),
    ("helo", "name.helo"),
    ("relay_domain", "name.through"),
    ("helo_domain", "name.helo"),
    ("mailer", "name.program"),
    ("envelope_domain", "name.envelope"),
    ("url_domain", "name.links"),
    ("client_network", "name.network"),
    ("id_domain", "name.id"),
    ("extra_field", "name.field"),
    ("attachment_name", "name.attachment"),
    ("charset", "name.charset"),
)
_PARTS = 2  # of a name; with more nobody remembers it


def campaign_name(campaign: Campaign, zone: str) -> Word:
    """What to call it; `zone` is that of the day since when it is known."""
    first = campaign.first_seen
    day = {"day": Day(first, zone)}
    parts: list[Value] = list(_parts(campaign))
    if not parts:
        since: Value = Word("name.unmarked_since", day) if first is not None else Joined(())
        return Word("name.unmarked", {"n": str(campaign.size), "since": since})
    if 2 * campaign.senders.php_form > campaign.senders.messages:
        parts[0] = Word("name.php", {"part": parts[0]})
    if first is not None:
        parts.append(Word("name.since", day))
    return Word("name.marked", {"parts": Joined(tuple(parts))})


def shown_value(family: str, value: str) -> str:
    """A value as people write it: a network, kept as its first bytes, with its
    size."""
    if family != "client_network":
        return value
    return f"{value}::/48" if ":" in value else f"{value}.0/24"


def _parts(campaign: Campaign) -> Iterator[Word]:
    told = _values(campaign)
    keys: list[str] = []
    owners: list[str] = []
    for family, key in _TOLD:
        value = told.get(family)
        owner = registrable_domain(value or "") or value
        if value and key not in keys and owner not in owners and len(keys) < _PARTS:
            keys.append(key)
            owners.append(owner or "")
            yield Word(key, {"value": Quoted(shown_value(family, value))})


def _values(campaign: Campaign) -> dict[str, str]:
    """The most distinctive value of each family, without those that everybody shares;
    the author's domain where most messages have it."""
    signature = campaign.signature()
    told: dict[str, str] = {}
    for atom in signature.atoms if signature else ():
        if not is_shared(atom.family, atom.value):
            told.setdefault(atom.family, atom.value)
    for one in campaign.senders.domains[:1]:
        often = 2 * one.messages > campaign.senders.messages
        if often and not is_shared("author_domain", one.domain):
            told.setdefault("author_domain", one.domain)
    return told
