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
) -> Iterator[CampaignInFull]:
    """All clusters of two messages or more, one at a time: operations, then campaigns,
    then waves; signatures for the SIGNED largest campaigns. Origins and senders come
    from the summaries of the messages."""
    again: defaultdict[str, list[Place]] = defaultdict(list)
    for one in repeats(by_place.summaries):
        again[one.sha256].append((one.uri, one.offset))
    clusters = clustering.clusters()
    signatures = _signatures(clustering, clusters, progress)
    progress.begin("telling", len(clusters))
    counted: dict[tuple[int, ...], tuple[Origins, Senders]] = {}  # by members
    for cluster in clusters:
        if cluster.members not in counted:  # many campaigns are a whole operation, or one wave
            some = _summaries_of(clustering, cluster, by_place)
            counted[cluster.members] = _counted(some, gazetteer or Gazetteer())
        yield _in_full(
            clustering, cluster, signatures.get(cluster.id), *counted[cluster.members], again
        )
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
    clustering: Clustering, one: Cluster, by_place: ByPlace
) -> Sequence[MessageSummary]:
    """The summaries of a cluster's messages, as far as there are any."""
    return by_place.chosen(clustering.store.places[number][:2] for number in one.members)


def _in_full(
    clustering: Clustering,
    one: Cluster,
    signatures: tuple[Signature, ...] | None,
    origins: Origins,
    senders: Senders,
    again: Mapping[str, Sequence[Place]],
) -> CampaignInFull:
    """A cluster described; without `signatures` none were sought."""
    store = clustering.store
    return CampaignInFull(
        Campaign(
            one.id,
            one.level,
            one.parent,
            one.first_seen,
            one.last_seen,
            one.size,
            signatures or (),
            origins,
            senders,
        ),
        tuple(Member(*store.places[number]) for number in one.members),
        signatures is not None,
        one.aliases,
        timeline(store, one.members),
        infrastructure_table(store, one.members),
        tuple(
            Repeat(*other, *store.places[number][:2])
            for number in one.members
            for other in again.get(store.ids[number], ())
        ),
    )
