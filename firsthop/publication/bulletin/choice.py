"""Which campaigns of many a bulletin describes: the largest, the newest, the most
dangerous. Danger is the number of marks that most messages of a campaign bear, each of
them measured; the bulletin says which they are. No mark is a judgement on whoever
sends."""

from __future__ import annotations

from firsthop.campaign.explain.campaign import Campaign
from firsthop.campaign.investigation import Investigation

LARGEST = 5  # campaigns that are described; campaigns.json has all
NEWEST = 3  # and those beside them that were seen last
DANGEROUS = 3  # and those beside them that bear most marks
DAYS = 7  # before the newest message: who was seen in them still sends
_DAY = 86_400


def described(investigation: Investigation) -> tuple[Campaign, ...]:
    """The campaigns that a bulletin describes, the most dangerous first, then by
    size."""
    every, worst = _campaigns(investigation), dangerous(investigation)[:DANGEROUS]
    newest = sorted(every[LARGEST:], key=lambda one: (-(one.last_seen or 0), one.id))
    kept = {one.id for one in (*every[:LARGEST], *newest[:NEWEST])}
    kept -= {one.id for one in worst}
    return (*worst, *(one for one in every if one.id in kept))


def dangerous(investigation: Investigation) -> tuple[Campaign, ...]:
    """The campaigns that bear a mark of danger, the most dangerous first."""
    marked = [
        (len(found), is_running(one, investigation), one.size, one)
        for one in _campaigns(investigation)
        if (found := marks(one, investigation))
    ]
    marked.sort(key=lambda row: (-row[0], not row[1], -row[2], row[3].id))
    return tuple(one for *_, one in marked)


def marks(campaign: Campaign, investigation: Investigation) -> tuple[str, ...]:
    """The marks of danger that most messages of a campaign bear: `forged` (not from the
    domain or provider shown), `unvouched` (nothing vouches for the sender), `provider`
    (authors of the case's provider), `deceit` (an author that looks like another),
    `login` (a client that had logged in, where the sender is one of the first two)."""
    senders = campaign.senders
    imitated = sum(
        one.messages
        for one in senders.domains
        if one.domain in investigation.case_file.provider_domains
    )
    loose = 2 * (senders.unvouched + senders.forged) > senders.messages
    counts = {
        "forged": senders.forged,
        "unvouched": senders.unvouched,
        "provider": imitated,
        "deceit": senders.deceitful,
        "login": senders.logged_in if loose else 0,
    }
    return tuple(mark for mark, n in counts.items() if 2 * n > senders.messages)


def is_running(campaign: Campaign, investigation: Investigation) -> bool:
    """Whether it was seen in the last days of the evidence, and the evidence is longer
    than these."""
    timed = investigation.timed
    if not timed or campaign.last_seen is None:
        return False
    first, last = timed[0].instant or 0, timed[-1].instant or 0
    return last - first > DAYS * _DAY and campaign.last_seen >= last - DAYS * _DAY


def _campaigns(investigation: Investigation) -> tuple[Campaign, ...]:
    clusters = investigation.campaigns
    return clusters.of_level("campaign") if clusters else ()
