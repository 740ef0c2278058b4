"""The messages of a case that its warnings are about: those whose senders are forged or
that nothing vouches for. Where a case names a provider whose users are imitated, or
where there are none of these, all but what a domain vouches for or a list passed on."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.campaign.investigation import Investigation
from firsthop.system.packed import Chosen

FORGED = ("not_from_provider", "unauthenticated")
VOUCHED = ("authorised", "indirect")


def suspects(investigation: Investigation) -> Sequence[MessageSummary]:
    """The messages, in the order of the input."""
    loose, forged = array("Q"), array("Q")
    for number, verdict in enumerate(investigation.tally.senders):
        if verdict not in VOUCHED:
            loose.append(number)
            if verdict in FORGED:
                forged.append(number)
    some = forged if forged and investigation.case_file.provider is None else loose
    return Chosen(investigation.summaries, some)


def sender_answer(one: MessageSummary) -> str:
    """The verdict on the sender; "" where there is none."""
    return dict(one.answers).get("sender", "")
