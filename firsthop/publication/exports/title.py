"""What a campaign is called in files for other programs: English, as the bulletin names
it."""

from __future__ import annotations

from firsthop.publication.bulletin.names import campaign_name
from firsthop.publication.bulletin.render import visible, words
from firsthop.publication.exports.source import ExportSource


def title(source: ExportSource) -> str:
    """The name of the campaign."""
    name = campaign_name(source.campaign, source.investigation)
    return words(name, "en", visible, str)
