"""What was counted with data that do not stay in the case: places of addresses, and
victims' contacts. The counts stay, each with how much mail it was taken over.

Never:      holds an address, a name or a path of those data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from firsthop.campaign.causes.contacts import ContactCounts
from firsthop.campaign.causes.scope import hops_in_order, scope_of
from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.case_file import CaseFile
from firsthop.evidence.host.address_space import Space, space_of
from firsthop.evidence.host.places import Gazetteer, PlaceData


@dataclass(frozen=True, slots=True)
class PlaceCounts:
    """Client addresses of first hops against the country of a provider's users."""

    provider: str  # whose users are claimed
    country: str  # ISO 3166-1 alpha-2
    at_home: int  # different addresses in that country
    placed: int  # of these, so many that the data place at all
    sources: tuple[PlaceData, ...]
    messages: int  # that the case held


@dataclass(frozen=True, slots=True)
class OutsideCounts:
    """All such counts of a case."""

    places: PlaceCounts | None = None
    contacts: ContactCounts | None = None

    def __bool__(self) -> bool:
        return self.places is not None or self.contacts is not None


NOTHING_COUNTED = OutsideCounts()


def count_places(
    summaries: Sequence[MessageSummary], case_file: CaseFile, gazetteer: Gazetteer
) -> PlaceCounts | None:
    """The count; None without data, and where no provider's country is known."""
    scope, country = scope_of(summaries, case_file), case_file.provider_country
    if not gazetteer or scope is None or country is None:
        return None
    addresses = dict.fromkeys(_public_addresses(hops_in_order(scope)))
    countries = [known for one in addresses if (known := gazetteer.place(one).country)]
    return PlaceCounts(
        scope.provider,
        country,
        countries.count(country),
        len(countries),
        gazetteer.data,
        len(summaries),
    )


def _public_addresses(ordered: Sequence[MessageSummary]) -> Iterator[str]:
    for one in ordered:
        address = one.first.client_address if one.first else None
        if address and space_of(address) is Space.PUBLIC:
            yield address
