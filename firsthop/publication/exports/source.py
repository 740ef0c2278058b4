"""What exports are made from: one campaign of a case, redacted for the level at which
the files may go out, and the values that its messages and other mail have.

Never:      holds a value that the level does not show, other than `originals`, which
            only the reports to networks and authorities may use, redacted themselves,
            and filters of raw bytes to count what they find.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from firsthop.campaign.explain.campaign import Campaign, CampaignInFull
from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.campaign.investigation import Investigation
from firsthop.campaign.signature.bitsets import Key, Values
from firsthop.campaign.signature.cover import OtherMail
from firsthop.publication.redaction.redactor import Redactor
from firsthop.settings import OwnServers


@dataclass(frozen=True, slots=True)
class ExportSource:
    """One campaign as it may go out."""

    investigation: Investigation  # of the whole case
    full: CampaignInFull
    summaries: tuple[MessageSummary, ...]  # of the campaign's messages, in order of time
    members: tuple[Values, ...]  # what each message has, in order of time
    other: OtherMail  # mail of the case that is not of the campaign
    hidden: tuple[Key, ...]  # elements of its signatures that the level does not show
    own: OwnServers  # the receiver's servers, which are never to be blocked
    redactor: Redactor
    # the campaign's messages as they were read, where they still lie where they were
    # read: place in `summaries`, bytes
    originals: Callable[[], Iterator[tuple[int, bytes]]]
    # the place of each of `members` in `summaries`, where it is known
    places: tuple[int | None, ...] = ()

    @property
    def campaign(self) -> Campaign:
        """The campaign as publications speak of it."""
        return self.full.campaign

    @property
    def tlp(self) -> str:
        """How far the files may go."""
        return self.investigation.audience.tlp
