"""The messages of a case that its warnings are about: those whose senders are forged or
that nothing vouches for. Where a case names a provider whose users are imitated, or
where there are none of these, all but what a domain vouches for or a list passed on."""

from __future__ import annotations

from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.campaign.investigation import Investigation

FORGED = ("not_from_provider", "unauthenticated")
VOUCHED = ("authorised", "indirect")


def suspects(investigation: Investigation) -> tuple[MessageSummary, ...]:
    """The messages, in the order of the input."""
    loose = tuple(t for t in investigation.summaries if sender_answer(t) not in VOUCHED)
    forged = tuple(t for t in loose if sender_answer(t) in FORGED)
    return forged if forged and investigation.case_file.provider is None else loose


def sender_answer(one: MessageSummary) -> str:
    """The verdict on the sender; "" where there is none."""
    return dict(one.answers).get("sender", "")
