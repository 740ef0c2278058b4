"""The names of a case's clusters, as commands show them to people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from firsthop.campaign.explain.campaign import CampaignInFull


def names_in(case: Path, clusters: Iterable[CampaignInFull]) -> Mapping[str, str]:
    """The names of all clusters of a case by their ids, in English."""
    from firsthop.investigation.kept import zone_of
    from firsthop.publication.bulletin.names import said_names

    return said_names([full.campaign for full in clusters], zone_of(case))
