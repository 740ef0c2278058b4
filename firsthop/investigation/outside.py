"""The counts that a case keeps of data which it does not hold, from one run to the
next: what is counted now goes before what was counted then, and what was counted over
less mail than the case holds says so.

Mail that is added without the data leaves the counts as they are: they still tell of
the mail that they were taken over, and nothing of the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from firsthop.campaign.causes.contacts import ContactCounts
from firsthop.campaign.causes.outside import OutsideCounts, count_places
from firsthop.campaign.causes.scope import scope_of
from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.case_file import CaseFile
from firsthop.evidence.host.places import Gazetteer


def outside_counts(
    former: OutsideCounts,
    summaries: Sequence[MessageSummary],
    case_file: CaseFile,
    gazetteer: Gazetteer,
    compared: Callable[[], ContactCounts] | None,
) -> OutsideCounts:
    """The counts of a case, whose `former` ones stay where nothing is counted anew."""
    counts = compared() if compared else None
    return OutsideCounts(
        count_places(summaries, case_file, gazetteer) if gazetteer else former.places,
        replace(counts, messages=len(summaries)) if counts else former.contacts,
    )


def uncovered(
    counts: OutsideCounts, summaries: Sequence[MessageSummary], case_file: CaseFile
) -> tuple[str, ...]:
    """In words, what the counts do not tell of the mail of the case."""
    held = len(summaries)
    told = []
    if (places := counts.places) is not None:
        scope = scope_of(summaries, case_file)
        asked = (scope.provider if scope else None, case_file.provider_country)
        if asked != (places.provider, places.country):
            told.append(
                f"places: counted for {places.provider} in {places.country} and not weighed for "
                f"what the case file names now: --places counts anew"
            )
        elif places.messages < held:
            told.append(_over("places", places.messages, held))
    if counts.contacts is not None and counts.contacts.messages < held:
        told.append(_over("contacts", counts.contacts.messages, held))
    return tuple(told)


def _over(what: str, counted: int, held: int) -> str:
    return (
        f"{what}: counted over {counted:,} of the {held:,} messages, before others were added: "
        f"--{what} counts them too"
    )
