"""What to call a campaign, so that a person can say it and remember it: whose name it
uses, how it is sent, where its links lead, since which month. Language-free; the
publications say it (publication/bulletin/names.py).

Made of what most of its messages show and of its distinctive elements, in an order that
is fixed, so that mail that is added seldom changes it; of the same case it is always
the same. What everybody shares (shared.py), forms of programs (signature/telling.py),
and what names a person are no part of it, nor is a value that only repeats another. An
operation is called after its largest campaign, a wave after its campaign and its first
day. Two that would be called the same are told apart by a further part, then by the
day, at last by a number. The id stays beside it in files for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from firsthop.campaign.explain.campaign import Campaign
from firsthop.campaign.explain.shared import is_shared
from firsthop.campaign.signature.atoms import Atom
from firsthop.campaign.signature.telling import is_form
from firsthop.evidence.host.names import registrable_domain
from firsthop.evidence.host.networks import is_address
from firsthop.evidence.identity.shared_hosts import is_placeholder

# families that name a campaign, in the order in which their values are told: whose name
# it uses, how it is sent, then what it shows
_TOLD = (
    ("author_domain", "author"),
    ("relay", "through"),
    ("first_helo", "helo"),
    ("helo", "helo"),
    ("relay_domain", "through"),
    ("helo_domain", "helo"),
    ("mailer", "program"),
    ("envelope_domain", "envelope"),
    ("url_host", "links"),
    ("url_domain", "links"),
    ("client_network", "network"),
    ("id_domain", "id"),
    ("extra_field", "field"),
    ("attachment_name", "attachment"),
)
_SERVERS = frozenset(("relay", "first_helo", "helo"))
_PARTS = 2  # of a name; with more nobody remembers it
_MOST = 4  # of one that is told apart from others
_MASK = "#"  # where a program's version stood


class Part(NamedTuple):
    """One thing that a campaign is called by."""

    # author | through | helo | program | envelope | links | network | id | field |
    # attachment | senders: what it is
    kind: str
    value: str


class CampaignName(NamedTuple):
    """What to call a campaign."""

    parts: tuple[Part, ...]  # none where nothing marks it
    php: bool  # whether most Message-IDs have the form that PHP mailers give
    since: int | None  # seconds since 1970
    exact: bool = False  # by the day: the month would not tell it from another
    number: int = 1  # of those that are called the same


Names = Mapping[str, CampaignName]
"""The names of the clusters of a case, by id."""


def names_of(clusters: Iterable[Campaign], zone: str) -> Names:
    """A name for each cluster, and for no two of a level the same; months and days are
    those of a zone."""
    kept = tuple(clusters)
    largest: dict[str | None, Campaign] = {}
    by_id = {one.id: one for one in kept}
    for one in sorted(kept, key=lambda one: (-one.size, one.id)):
        if one.level == "campaign":
            largest.setdefault(one.parent, one)
    names: dict[str, CampaignName] = {}
    parts: dict[str, tuple[Part, ...]] = {}  # most campaigns name an operation and waves too
    for level in ("campaign", "operation", "wave"):
        told = sorted((one for one in kept if one.level == level), key=_age)
        sources = [_source(one, largest, by_id) for one in told]
        for source in sources:
            if source.id not in parts:
                parts[source.id] = _parts(source)
        whole = [
            _name(one, source, parts[source.id], exact=level == "wave")
            for one, source in zip(told, sources, strict=True)
        ]
        named = _told_apart(whole, zone)
        names |= dict(zip((one.id for one in told), named, strict=True))
    return names


def _age(one: Campaign) -> tuple[bool, int, str]:
    return one.first_seen is None, one.first_seen or 0, one.id


def _source(
    one: Campaign, largest: Mapping[str | None, Campaign], by_id: Mapping[str, Campaign]
) -> Campaign:
    """The campaign that a cluster is called after."""
    if one.level == "operation":
        return largest.get(one.id, one)
    return by_id.get(one.parent or "", one) if one.level == "wave" else one


def _told_apart(whole: Sequence[CampaignName], zone: str) -> list[CampaignName]:
    """Names with as many of their parts as it takes that no two are said the same."""
    names = [name._replace(parts=name.parts[:_PARTS]) for name in whole]
    alike = _alike(names, range(len(names)), zone)
    for most in range(_PARTS + 1, _MOST + 1):
        for place in alike:
            names[place] = names[place]._replace(parts=whole[place].parts[:most])
        alike = _alike(names, alike, zone)
    for place in alike:
        names[place] = names[place]._replace(exact=True)
    seen = Counter[tuple[object, ...]]()
    for place in _alike(names, alike, zone):
        said = _said(names[place], zone)
        seen[said] += 1
        names[place] = names[place]._replace(number=seen[said])
    return names


def _alike(names: Sequence[CampaignName], among: Iterable[int], zone: str) -> list[int]:
    """The places, among some, of those that are said the same as another of them. A
    name that was apart once stays so: it has fewer parts than those of which more is
    said, or no day."""
    said = {place: _said(names[place], zone) for place in among}
    often = Counter(said.values())
    return [place for place, one in said.items() if often[one] > 1]


def _said(name: CampaignName, zone: str) -> tuple[object, ...]:
    """What of a name is heard."""
    if name.since is None:
        return name.parts, name.php
    day = datetime.fromtimestamp(name.since, ZoneInfo(zone))
    return name.parts, name.php, day.year, day.month, day.day if name.exact else None


def _name(one: Campaign, source: Campaign, parts: tuple[Part, ...], *, exact: bool) -> CampaignName:
    """A name with all the parts that it may have."""
    php = 2 * source.senders.php_form > source.senders.messages
    return CampaignName(parts, php, one.first_seen, exact)


def _parts(campaign: Campaign) -> tuple[Part, ...]:
    """Of the elements that readers are told; where they name nothing, of all."""
    signature = campaign.signature()
    told, atoms = (signature.telling, signature.atoms) if signature else ((), ())
    return (
        tuple(_marks(_values(campaign, told)))
        or tuple(_marks(_values(campaign, atoms)))
        or tuple(_senders(campaign))
    )


def _marks(told: Mapping[str, str]) -> Iterator[Part]:
    kinds: list[str] = []
    owners: list[str] = []
    for family, kind in _TOLD:
        value = told.get(family)
        owner = registrable_domain(value or "") or value
        if value and kind not in kinds and owner not in owners and len(kinds) < _MOST:
            kinds.append(kind)
            owners.append(owner or "")
            yield Part(kind, value)


def _senders(campaign: Campaign) -> Iterator[Part]:
    """Where the senders are, for a campaign that nothing marks."""
    for one in campaign.senders.domains[:1]:
        if not is_placeholder(one.domain):
            yield Part("senders", one.domain)


def _values(campaign: Campaign, elements: Sequence[Atom]) -> dict[str, str]:
    """The most distinctive value of each family; of those that most messages have,
    unless there are none."""
    atoms = [one for one in elements if _may_name(one)]
    told: dict[str, str] = {}
    for one in campaign.senders.domains[:1]:
        often = 2 * one.messages > campaign.senders.messages
        if often and not is_shared("author_domain", one.domain):
            told["author_domain"] = one.domain
    for atom in [one for one in atoms if 2 * one.covered[0] >= one.covered[1]] or atoms:
        told.setdefault(atom.family, _spoken(atom.family, atom.value))
    return told


def _may_name(atom: Atom) -> bool:
    """Whether it is neither everybody's nor a mere form, nor an address in the place of
    a server's name."""
    family, value = atom.family, atom.value
    if family in _SERVERS and is_address(value):
        return False
    return not is_shared(family, value) and not is_form((family, value))


def _spoken(family: str, value: str) -> str:
    """A value as people say it: a network with its size, a program without its version,
    of a link's host the domain."""
    if family == "url_host":
        return registrable_domain(value) or value
    if family == "client_network":
        return f"{value}::/48" if ":" in value else f"{value}.0/24"
    if family == "mailer":
        return value.partition(_MASK)[0].rstrip(" ,;:._-/(") or value
    return value
