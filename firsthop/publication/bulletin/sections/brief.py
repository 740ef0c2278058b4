"""What a chief reads first: what happened, whose name was used, how sure that is, how
the mail was sent, what is not known, what to do now. Each sentence is one that the
sections below it bear out; none is written where nothing is to be said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from firsthop.campaign.explain.shared import operator
from firsthop.campaign.first_hops.recurrence import Group
from firsthop.campaign.investigation import Investigation
from firsthop.mail.message import Evidence
from firsthop.publication.bulletin.choice import dangerous
from firsthop.publication.bulletin.document import (
    Block,
    Duration,
    Joined,
    Listed,
    Paragraph,
    Period,
    Quoted,
    Value,
    Word,
)
from firsthop.publication.bulletin.names import campaign_name
from firsthop.publication.bulletin.sections.counts import count_of
from firsthop.publication.bulletin.sections.hypotheses import decided
from firsthop.publication.bulletin.sections.overview import missed_provider

MOST_DOMAINS = 3  # of authors that are named
_WORTH_A_SENTENCE = 10  # the part of the messages, as a divisor, that a relay must have
_FORGED = "not_from_provider"


def brief(investigation: Investigation) -> tuple[Block, ...]:
    """The opening of the bulletin."""
    if not investigation.summaries:
        return (Paragraph("brief.nothing"),)
    return (
        Paragraph("brief.text", {"sentences": Joined(tuple(_sentences(investigation)), " ")}),
        Paragraph("brief.todo"),
    )


def _sentences(investigation: Investigation) -> Iterator[Word]:
    yield _what(investigation)
    yield from _forged(investigation)
    yield from _sure(investigation)
    yield from _sent(investigation)
    yield from (Word(one.key, one.values) for one in decided(investigation))
    yield from _campaigns(investigation)
    if investigation.case_file.provider and not _decides(investigation, "contacts"):
        provider = Quoted(investigation.case_file.provider)
        yield Word("brief.open", {"provider": provider})


def _what(investigation: Investigation) -> Word:
    """How many messages, in whose name, from when to when."""
    zone, timed = investigation.audience.time_zone, investigation.timed
    counts = _author_domains(investigation)
    domains = sorted(counts, key=lambda domain: (-counts[domain], domain))
    shown = Listed(tuple(map(Quoted, domains[:MOST_DOMAINS])))
    at = Word("brief.at", {"n": str(len(domains)), "domains": shown})
    known: dict[str, Value] = {"n": str(counts.total()), "domains": at}
    values: dict[str, Value] = {
        "n": str(len(investigation.summaries)),
        "known": Word("brief.of_which", known),
        "count": str(len(domains)),
        "domains": shown if len(domains) > MOST_DOMAINS else at,
    }
    if len(domains) > MOST_DOMAINS:
        key = "brief.what_of_many"
    elif counts.total() < len(investigation.summaries) and domains:
        key = "brief.what_of_some"
    else:
        key = "brief.what" if domains else "brief.what_of_nobody"
    when: Value = Word("brief.no_time")
    if timed:
        when = Period(timed[0].instant, timed[-1].instant, zone)
    return Word(key, {**values, "when": when})


def _author_domains(investigation: Investigation) -> Counter[str]:
    """The domains that the messages show as their authors'; of an excerpt that shows
    none, what its source asserts."""
    asserted, tally = investigation.case_file.claim("author_domain"), investigation.tally
    if asserted and asserted.value and tally.excerpts:
        return tally.domains + Counter({asserted.value: tally.excerpts})
    return tally.domains


def _forged(investigation: Investigation) -> Iterator[Word]:
    """What the verdicts say of the senders; what the path says where they do not
    decide."""
    answers = investigation.tally.answers
    indirect, insufficient = answers["sender", "indirect"], answers["sender", "insufficient"]
    undecided = indirect + insufficient
    known = _decides(investigation, "account")
    for key, n in (
        ("forged", answers["sender", _FORGED]),
        ("unauthenticated", answers["sender", "unauthenticated"]),
        ("authorised", answers["sender", "authorised"]),
        ("indirect", 0 if known else indirect),
        ("undecided", 0 if known else insufficient),
    ):
        yield from _of_all(investigation, key, n)
    provider = investigation.case_file.provider
    if provider and undecided:
        missed = investigation.count(missed_provider)
        yield from _of_all(investigation, "missed", missed, provider=Quoted(provider))


def _decides(investigation: Investigation, question: str) -> bool:
    """Whether the weighing of causes answers a question."""
    return any(one.decided for one in investigation.hypotheses if one.key == question)


def _of_all(investigation: Investigation, key: str, n: int, **more: Value) -> Iterator[Word]:
    """A sentence on so many of the messages."""
    if n:
        yield Word(f"brief.{key}", {**count_of(investigation, n), **more})


def _sure(investigation: Investigation) -> Iterator[Word]:
    """What the findings rest on."""
    published = investigation.tally.evidence[Evidence.PUBLICATION]
    yield from _of_all(investigation, "published", published)


def _sent(investigation: Investigation) -> Iterator[Word]:
    """Who handed the messages in: logins, and the relay that recurs most."""
    with_hop, said = investigation.tally.hops, investigation.tally.logged_in
    if 2 * said > with_hop:
        yield Word("brief.logged_in", {"n": str(said), "total": str(with_hop)})
    total = len(investigation.summaries)
    for group in investigation.groups[:1]:
        own = operator(group.relay) is None and group.helo != group.relay
        if own and len(group.members) * _WORTH_A_SENTENCE >= total:
            yield _recurring(group)


def _recurring(group: Group) -> Word:
    values: dict[str, Value] = {"relay": Quoted(group.relay), "n": str(len(group.members))}
    bursts = group.bursts
    if len(bursts) < 2:
        return Word("brief.relay", values)
    gap = max(after.first - before.last for before, after in pairwise(bursts))
    return Word("brief.relay_in_waves", {**values, "waves": str(len(bursts)), "gap": Duration(gap)})


def _campaigns(investigation: Investigation) -> Iterator[Word]:
    clusters = investigation.campaigns
    every = clusters.of_level("campaign") if clusters else ()
    if not every or (len(every) == 1 and investigation.groups):
        return  # one campaign: the sentence on its relay tells of it
    name = campaign_name(every[0], investigation)
    if len(every) == 1:
        yield Word("brief.one_campaign", {**count_of(investigation, every[0].size), "name": name})
        return
    values: dict[str, Value] = {"n": str(len(every)), "size": str(every[0].size), "name": name}
    yield Word("brief.campaigns", values)
    if worst := dangerous(investigation):
        if worst[0] is every[0]:
            yield Word("brief.largest_dangerous")
        else:
            yield Word("brief.dangerous", {"name": campaign_name(worst[0], investigation)})
