"""The campaigns of a case, described: what a case says of each cluster of two messages
or more.

Memory:     a case may hold a million messages, and each lies in three clusters.
            `Campaign` is what publications need and is kept for all of them; it cannot
            hold members or hosts. `CampaignInFull` has these too: the clusters are
            described one at a time, and each goes when it is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from firsthop.campaign.clustering.clustering import Cluster, Clustering
from firsthop.campaign.clustering.clusters import Alias
from firsthop.campaign.explain.method import MethodSummary
from firsthop.campaign.explain.origins import OriginCounts, Origins
from firsthop.campaign.explain.senders import SenderCounts, Senders
from firsthop.campaign.explain.timeline import Host, Timeline, infrastructure_table, timeline
from firsthop.campaign.first_hops.by_place import ByPlace
from firsthop.campaign.first_hops.summaries import Place
from firsthop.campaign.first_hops.summary import MessageSummary, repeats
from firsthop.campaign.signature.signature import Signature
from firsthop.campaign.signature.signatures import Signer
from firsthop.evidence.host.places import Gazetteer
from firsthop.system.progress import SILENT, Progress

# campaigns that get a signature, the largest first: what a signature costs grows with
# the heap it is tried on
SIGNED = 500


@dataclass(frozen=True, slots=True)
class Campaign:
    """One cluster, as publications speak of it."""

    id: str
    level: str  # operation | campaign | wave
    parent: str | None  # id of the cluster of the level above that holds it
    first_seen: int | None  # seconds since 1970
    last_seen: int | None
    size: int  # messages
    signatures: tuple[Signature, ...]  # one a form, where something is distinctive
    origins: Origins
    senders: Senders = Senders()  # noqa: RUF009 - a constant

    def signature(self, form: str = "any") -> Signature | None:
        """The signature of that form, if there is one."""
        return next((one for one in self.signatures if one.form == form), None)


class Member(NamedTuple):
    """A message of a cluster, by its place."""

    uri: str
    offset: int
    message_id: str | None


class Repeat(NamedTuple):
    """Another place where the very bytes of a member were read."""

    uri: str
    offset: int
    of_uri: str
    of_offset: int


class CampaignInFull(NamedTuple):
    """One cluster with all that a case says of it."""

    campaign: Campaign
    members: tuple[Member, ...]  # in order of time
    # False: it was left out, being none of the SIGNED largest campaigns
    signature_sought: bool
    aliases: tuple[Alias, ...]
    timeline: Timeline
    infrastructure: tuple[Host, ...]
    repeats: tuple[Repeat, ...] = ()


class Campaigns(NamedTuple):
    """The campaigns of a case, and by what method."""

    campaigns: tuple[Campaign, ...]  # operations, campaigns, waves; of each the largest first
    method: MethodSummary

    def of_level(self, level: str) -> tuple[Campaign, ...]:
        """Those of one level."""
        return tuple(one for one in self.campaigns if one.level == level)


def describe(
    clustering: Clustering,
    by_place: ByPlace,
    gazetteer: Gazetteer | None = None,
    progress: Progress = SILENT,
) -> Iterator[tuple[int, CampaignInFull]]:
    """All clusters of two messages or more, one at a time, each with its place among
    all: operations, then campaigns, then waves; signatures for the SIGNED largest
    campaigns. Those of the same messages come one after another, for many campaigns are
    a whole operation, or one wave. Origins and senders come from the summaries of the
    messages."""
    again: defaultdict[str, list[Place]] = defaultdict(list)
    for repeat in repeats(by_place.summaries):
        again[repeat.sha256].append((repeat.uri, repeat.offset))
    clusters = clustering.clusters()
    signatures = _signatures(clustering, clusters, progress)
    progress.begin("telling", len(clusters))

    def members_of(place: int) -> tuple[int, ...]:
        return clusters[place].members

    for members, places in groupby(sorted(range(len(clusters)), key=members_of), members_of):
        summaries = _summaries_of(clustering, members, by_place)
        together = _together(
            clustering, members, _counted(summaries, gazetteer or Gazetteer()), again
        )
        for place in places:
            one = clusters[place]
            yield place, _in_full(one, signatures.get(one.id), together)
            progress.step()


def _counted(summaries: Iterable[MessageSummary], gazetteer: Gazetteer) -> tuple[Origins, Senders]:
    """Where messages came from, and what they show of their senders."""
    origins, senders = OriginCounts(), SenderCounts()
    for one in summaries:
        origins.add(one)
        senders.add(one)
    return origins.origins(gazetteer), senders.senders()


def _signatures(
    clustering: Clustering, clusters: Iterable[Cluster], progress: Progress
) -> dict[str, tuple[Signature, ...]]:
    """The signatures of the largest campaigns, by id."""
    signed = [one for one in clusters if one.level == "campaign"][:SIGNED]
    progress.begin("signing", len(signed))
    signer = Signer(clustering) if signed else None
    signatures: dict[str, tuple[Signature, ...]] = {}
    for one in signed:
        signatures[one.id] = signer.signatures(one) if signer else ()
        progress.step()
    return signatures


def _summaries_of(
    clustering: Clustering, members: Sequence[int], by_place: ByPlace
) -> Sequence[MessageSummary]:
    """The summaries of messages, as far as there are any."""
    return by_place.chosen(clustering.store.places[number][:2] for number in members)


class _Together(NamedTuple):
    """What messages are together, whatever cluster they are."""

    members: tuple[Member, ...]
    origins: Origins
    senders: Senders
    timeline: Timeline
    infrastructure: tuple[Host, ...]
    repeats: tuple[Repeat, ...]


def _together(
    clustering: Clustering,
    members: Sequence[int],
    counted: tuple[Origins, Senders],
    again: Mapping[str, Sequence[Place]],
) -> _Together:
    store = clustering.store
    return _Together(
        tuple(Member(*store.places[number]) for number in members),
        *counted,
        timeline(store, members),
        infrastructure_table(store, members),
        tuple(
            Repeat(*other, *store.places[number][:2])
            for number in members
            for other in again.get(store.ids[number], ())
        ),
    )


def _in_full(
    one: Cluster, signatures: tuple[Signature, ...] | None, together: _Together
) -> CampaignInFull:
    """A cluster described; without `signatures` none were sought."""
    campaign = Campaign(
        one.id,
        one.level,
        one.parent,
        one.first_seen,
        one.last_seen,
        one.size,
        signatures or (),
        together.origins,
        together.senders,
    )
    return CampaignInFull(
        campaign,
        together.members,
        signatures is not None,
        one.aliases,
        together.timeline,
        together.infrastructure,
        together.repeats,
    )
