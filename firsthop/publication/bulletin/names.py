"""A name for a campaign that a person can say and remember: by which program it is
written, through which server it comes, under which HELO, where its links lead, since
when.

Made of the campaign's own distinctive elements, those first that a campaign changes
last; what everybody shares is no element of a signature and so no part of a name. The
id stays in the machine-readable files."""

from __future__ import annotations

from collections.abc import Iterator

from firsthop.campaign.explain.campaign import Campaign
from firsthop.publication.bulletin.document import Day, Joined, Quoted, Word

# families that name a campaign, in the order in which their values are told: how it is
# sent, then what it shows
_TOLD = (
    ("relay", "name.through"),
    ("first_helo", "name.helo"),
    ("helo", "name.helo"),
    ("relay_domain", "name.through"),
    ("helo_domain", "name.helo"),
    ("mailer", "name.program"),
    ("envelope_domain", "name.envelope"),
    ("author_domain", "name.author"),
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
    parts = tuple(_parts(campaign))
    since = Word("name.since", {"day": Day(campaign.first_seen, zone)})
    if not parts:
        return Word("name.unmarked", {"n": str(campaign.size), "since": since})
    return Word("name.marked", {"parts": Joined((*parts, since))})


def _parts(campaign: Campaign) -> Iterator[Word]:
    signature = campaign.signature()
    told: dict[str, str] = {}
    for atom in signature.atoms if signature else ():
        told.setdefault(atom.family, atom.value)
    keys: list[str] = []
    for family, key in _TOLD:
        if family in told and key not in keys and len(keys) < _PARTS:
            keys.append(key)
            yield Word(key, {"value": Quoted(told[family])})
