"""What a gathering leaves in its archive, and how a later one takes it up again: ids
stay, merges are remembered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from firsthop.campaign.archive import Archive, ClusteringRecord
from firsthop.campaign.archive.state import DATABASE
from firsthop.campaign.background import Background, count_source, shipped
from firsthop.campaign.clustering.clustering import Clustering, Known
from firsthop.campaign.engine import Engine, TableCounts, family_rows, scored_pairs
from firsthop.campaign.explain.graph import Graph, graph_of
from firsthop.campaign.explain.report import chance_json, why_json
from firsthop.campaign.explain.why import why
from firsthop.campaign.similarity.counts import Counted
from firsthop.campaign.similarity.parameters import LEVELS, ClusteringParameters
from firsthop.campaign.similarity.score import Score, Scorer
from firsthop.campaign.similarity.scored_pairs import ScoredPairs
from firsthop.campaign.similarity.store import Store
from firsthop.campaign.similarity.weights import Weights, recorded
from firsthop.errors import CaseError
from firsthop.evidence.host.places import Gazetteer

ARCHIVE = "archive"  # the folder of a case that holds it


_TOLD_OF = ("id", "level", "parent", "first_seen", "last_seen", "size", "signature", "origins")


class Campaigns(NamedTuple):
    """What a gathering tells in a publication: every cluster of two messages or more,
    and how the gathering was done."""

    # of `campaigns_json` what _TOLD_OF names: the members and hosts of all clusters are
    # in the case's file alone
    told: list[dict[str, Any]]
    about: dict[str, Any]  # messages, background, places, chance rates, raised thresholds


def told_of(cluster: dict[str, Any]) -> dict[str, Any]:
    """What publications tell of a cluster."""
    return {name: cluster[name] for name in _TOLD_OF}


def about(heap: Clustering, gazetteer: Gazetteer) -> dict[str, Any]:
    """How a gathering was done."""
    background = [
        {"name": source.name, "says": source.explanation, "messages": source.messages}
        for source in heap.background.sources
    ]
    return {
        "messages": len(heap.store),
        "background": background,
        "places": [{"name": source.name, "date": source.date} for source in gazetteer.sources],
        "chance": chance_json(heap.rates),
        "raised": heap.raised,
    }


def background_of(folders: Sequence[Path]) -> Background:
    """The shipped statistic, and the counts of archives of other mail."""
    background = shipped()
    for folder in folders:
        with Archive.read(folder) as archive:
            background += Background(
                (
                    count_source(
                        folder.name, f"the operator's background {folder.name}", archive.messages()
                    ),
                )
            )
    return background


class TableCorrelator:
    """Counts and compares an archive's heap with an engine (`heap.Correlator`); the
    messages in `known` were gathered before, the others come later."""

    def __init__(self, engine: Engine, archive: Archive, known: Known | None) -> None:
        self._engine = engine
        self._numbers: dict[int, int] = {}  # by hash, of the values that several messages carry
        archive.load(engine)
        if known:
            engine.put(
                "message",
                (
                    (one, ts, domain, 1 if one in known else 2)
                    for one, ts, domain in archive.times()
                ),
            )
        engine.put("family", family_rows())

    def count(self, store: Store, labels: Sequence[int] | None) -> Counted:
        """The counts of the heap under an assignment."""
        told = [] if labels is None else list(zip(store.ids, labels, strict=True))
        self._engine.put(
            "campaign", [(str(label), "campaign") for label in sorted({label for _, label in told})]
        )
        self._engine.put("member", [(str(label), one) for one, label in told])
        if not self._numbers:
            self._numbers.update(
                (store.hashes[value], value)
                for value, carriers in enumerate(store.counts)
                if carriers > 1
            )
        return TableCounts(self._engine, gathered=labels is not None, numbers=self._numbers)

    def links(
        self, weights: Weights, order: Sequence[int], first: int, tau: float, least: int
    ) -> ScoredPairs:
        """The scored pairs of the heap."""
        settings, found = weights.settings, ScoredPairs()
        self._engine.put("weight", weights.rows())
        pairs = scored_pairs(
            self._engine,
            first,
            tau=tau,
            least=least,
            rarest=settings.linkable_share,
            bits=settings.linkable_bits,
            carriers=settings.window,
            candidates=settings.candidates,
            view_bits=settings.view_bits,
        )
        for pair in pairs:
            found.add(
                order[pair.late - 1],
                order[pair.early - 1],
                Score(pair.bits, pair.views, pair.asserted, pair.claims),
            )
        return found


def previous_clusters(
    archive: Archive, former: Path
) -> tuple[Known | None, list[tuple[str, str, str]]]:
    """The clusters and merges of the former archive of a case, where mail has come to
    it or gone; the same mail is gathered afresh."""
    if not (former / DATABASE).is_file():
        return None, []
    with Archive.read(former) as before:
        known = known_of(before)
        if set(known) == set(archive.ids()):
            return None, []
        return known, [(str(old), str(new), str(reason)) for old, new, reason in before.aliases()]


def explained(case: Path, a: str, b: str) -> dict[str, Any] | None:
    """Why two messages of a case hang together, as `firsthop why --json` shows it; None
    where one is not there. CaseError where there is no archive.

    The bits are those that the case was gathered with, whatever background that was.
    """
    with Archive.read(case / ARCHIVE) as archive:
        first, second = archive.find(a), archive.find(b)
        if first is None or second is None:
            return None
        store = Store()
        store.extend((first, second))
        weights = recorded(store, archive.weights(store.hashes), ClusteringParameters())
        homes = [_by_level(archive.homes(one.id)) for one in (first, second)]
        return why_json(why((first, second), Scorer(store, weights), _thresholds(archive), homes))


def graphed(case: Path, cluster: str) -> Graph:
    """The graph of a cluster of a case. CaseError where there is none of that id, or no
    archive."""
    with Archive.read(case / ARCHIVE) as archive:
        survivors = {str(old): str(new) for old, new, _ in archive.aliases()}
        while cluster in survivors:
            cluster = survivors[cluster]
        messages = archive.members_of(cluster)
        if not messages:
            raise CaseError(f"{case} has no operation, campaign or wave {cluster}")
        store = Store()
        store.extend(messages)
        weights = recorded(store, archive.weights(store.hashes), ClusteringParameters())
        return graph_of(messages, store, weights, _thresholds(archive))


def _thresholds(archive: Archive) -> list[float]:
    return [float(tau) for tau in archive.facts()["thresholds"].split()]


def to_record(heap: Clustering, former: Iterable[tuple[str, str, str]] = ()) -> ClusteringRecord:
    """The rows of a heap: its clusters of two messages or more, the cluster of every
    message on every level, the merges after `former` ones."""
    return ClusteringRecord(
        [(c.id, c.level, c.parent, c.first_seen, c.last_seen, c.size) for c in heap.campaigns()],
        [
            (heap.home(number, level), one)
            for number, one in enumerate(heap.store.ids)
            for level in LEVELS
        ],
        [*former, *((alias.old, alias.new, alias.reason) for alias in heap.aliases())],
        heap.scorer.epoch.rows(),
        {
            "raised": str(heap.raised),
            "background": str(heap.background.messages),
            "thresholds": " ".join(map(str, heap.assigner.taus)),
        },
    )


def known_of(archive: Archive) -> Known:
    """The clusters that an archive's messages are in: message id to the ids of its
    operation, campaign and wave."""
    homes: dict[str, list[str]] = {}
    for cluster, message in archive.members():
        homes.setdefault(message, []).append(cluster)
    return {
        message: (ids[0], ids[1], ids[2])
        for message, ids in ((m, _by_level(found)) for m, found in homes.items())
        if len(ids) == len(LEVELS)
    }


def _by_level(ids: list[str]) -> list[str]:
    """Cluster ids in the order of the levels: their first two letters are the
    level's."""
    order = [level[:2] for level in LEVELS]
    return sorted(ids, key=lambda one: order.index(one[:2]))
