"""What a case holds, put together: summaries, groups, spools, the first trace,
campaigns, causes. What the publications are made from; nothing is read here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from firsthop.campaign.causes.outside import NOTHING_COUNTED, OutsideCounts
from firsthop.campaign.causes.weigh import weigh
from firsthop.campaign.examples import Example
from firsthop.campaign.explain.campaign import Campaigns
from firsthop.campaign.explain.names import Names, names_of
from firsthop.campaign.first_hops.first_trace import FirstTrace, read_first_trace
from firsthop.campaign.first_hops.order import Instants
from firsthop.campaign.first_hops.postfix_spool import SpoolId, SpoolPair, near_pairs, spool_id
from firsthop.campaign.first_hops.recurrence import Group, Recurrence
from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.campaign.first_hops.tally import Tally
from firsthop.case_file import CaseFile
from firsthop.judgement.hypotheses.weighed import WeighedQuestion
from firsthop.mail.sources.raw import Skipped
from firsthop.settings import Audience


@dataclass(frozen=True)
class Investigation:
    """What a case holds."""

    case_file: CaseFile
    audience: Audience
    summaries: Sequence[MessageSummary]  # in the order of the input
    timed: Sequence[MessageSummary]  # those whose first hop has a time, earliest first
    tally: Tally  # what sections of a publication count of them
    skipped: tuple[Skipped, ...]
    groups: tuple[Group, ...]
    spools: tuple[SpoolPair, ...]
    first_trace: FirstTrace | None
    campaigns: Campaigns | None = None
    # the causes, weighed; none where no provider stands out whose users are claimed
    hypotheses: tuple[WeighedQuestion, ...] = ()
    outside: OutsideCounts = NOTHING_COUNTED  # with data that are not in the case
    examples: tuple[Example, ...] = ()  # a message for each campaign that is described
    redacted: bool = False  # for its audience's TLP; else it may not go out

    @cached_property
    def names(self) -> Names:
        """What the campaigns are called, by their ids."""
        clusters = self.campaigns.campaigns if self.campaigns else ()
        return names_of(clusters, self.audience.time_zone)

    def count(self, such: Callable[[MessageSummary], object]) -> int:
        """How many messages are such; none of them is kept."""
        return sum(1 for one in self.summaries if such(one))


def assemble(
    summaries: Sequence[MessageSummary],
    skipped: Iterable[Skipped],
    case_file: CaseFile,
    audience: Audience = Audience(),  # noqa: B008 - a constant
    campaigns: Campaigns | None = None,
    outside: OutsideCounts = NOTHING_COUNTED,
) -> Investigation:
    """The investigation of the summaries of a case's messages. What is asked of all of
    them is asked in one pass, for it makes each of them anew."""
    tally, instants, recurrence, spools = Tally(), Instants(), Recurrence(), set[SpoolId]()
    for number, one in enumerate(summaries):
        tally.add(one)
        instants.add(one)
        recurrence.add(number, one)
        if one.first and (spool := spool_id(one.first)):
            spools.add(spool)
    asserted = case_file.claim("first_trace")
    return Investigation(
        case_file,
        audience,
        summaries,
        instants.in_time(summaries, instants.known()),
        tally,
        tuple(skipped),
        recurrence.groups(summaries, instants),
        tuple(near_pairs(spools)),
        read_first_trace(asserted.value, summaries, audience.time_zone) if asserted else None,
        campaigns,
        weigh(summaries, case_file, outside, tally.domains),
        outside,
    )
