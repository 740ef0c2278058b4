"""`outside.json` of a case: what was counted with data that the case does not keep
(places of addresses, victims' contacts), so that its causes can be weighed again.

Raises:     CaseError for a file that is none of ours.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from firsthop.campaign.causes.contacts import ContactCounts
from firsthop.campaign.causes.outside import NOTHING_COUNTED, OutsideCounts, PlaceCounts
from firsthop.errors import CaseError
from firsthop.evidence.host.places import PlaceData

OUTSIDE = "outside.json"


def outside_text(counts: OutsideCounts) -> str:
    """The file."""
    places = counts.places
    told = {
        "places": asdict(places) | {"sources": [one._asdict() for one in places.sources]}
        if places
        else None,
        "contacts": asdict(counts.contacts) if counts.contacts else None,
    }
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def read_outside(case: Path) -> OutsideCounts:
    """The counts of a case; none where it keeps none."""
    try:
        table = json.loads((case / OUTSIDE).read_text(encoding="utf-8"))
        return OutsideCounts(_places(table["places"]), _contacts(table["contacts"]))
    except FileNotFoundError:
        return NOTHING_COUNTED
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise CaseError(f"{case / OUTSIDE}: not the counts of a case") from error


def _places(table: dict[str, Any] | None) -> PlaceCounts | None:
    if table is None:
        return None
    sources = tuple(PlaceData(**one) for one in table["sources"])
    return PlaceCounts(**{**table, "sources": sources})


def _contacts(table: dict[str, Any] | None) -> ContactCounts | None:
    if table is None:
        return None
    k, n = table["correspondents"]
    return ContactCounts(**{**table, "correspondents": (k, n)})
