"""Signatures on the later part of real campaigns, and on genuine mail that no
background has seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from statistics import mean, median
from typing import NamedTuple

from benchmarks.campaigns.heap import Told, genuine
from benchmarks.campaigns.in_memory import cluster_in_memory
from benchmarks.campaigns.recall import real_heap
from firsthop.campaign.background import Background, count_source, shipped
from firsthop.campaign.clustering.clustering import Cluster, Clustering
from firsthop.campaign.features.families import FAMILIES
from firsthop.campaign.signature.bitsets import Values
from firsthop.campaign.signature.forms import FORMS
from firsthop.campaign.signature.proportion import upper_bound
from firsthop.campaign.signature.signature import FEWEST, Signature, values_of
from firsthop.campaign.signature.signatures import ELSEWHERE, Signer

_NAMES = tuple(FAMILIES)
LEAST = 10  # messages of a campaign that settings were chosen on


def held_apart(all_told: list[Told]) -> list[Values]:
    """The genuine mail that stays out of the background here."""
    mail = [t.features for t in genuine(all_told, "lists_", "special_")]
    return [values_of((f.family, f.value) for f in one.features) for one in mail[1::2]]


class _Tried(NamedTuple):
    """What one kind of a signature finds."""

    size: int  # of the campaign
    later: tuple[int, int]  # k of n of its later part
    elsewhere: tuple[int, int]  # k of n of the rest of the heap that taught it nothing
    tied: int  # of these k, in a campaign that is tied to this one


def signature_rows(all_told: list[Told]) -> Iterator[str]:
    """One row for each form: threshold or pair, and the conjunction; of campaigns of
    LEAST messages, then of smaller ones, on which nothing was chosen."""
    mail, held = [t.features for t in genuine(all_told, "lists_", "special_")], held_apart(all_told)
    clustering = cluster_in_memory(
        real_heap(all_told),
        shipped() + Background((count_source("half", "half of the genuine list mail", mail[::2]),)),
    )
    neighbours = _Neighbours(clustering)
    signed = _signed(clustering)
    for large in (True, False):
        sizes = f"{LEAST} and more" if large else f"{FEWEST} to {LEAST - 1}"
        for form in FORMS:
            found = [pair for pair in signed[form] if (pair[0].size >= LEAST) == large]
            yield from _rows(f"{sizes} | {form}", found, neighbours, held)


def _signed(clustering: Clustering) -> dict[str, list[tuple[Cluster, Signature]]]:
    """The campaigns that have a later part, with their signatures, by form."""
    by_form: dict[str, list[tuple[Cluster, Signature]]] = {form: [] for form in FORMS}
    signer = Signer(clustering)
    for campaign in clustering.clusters("campaign"):
        if campaign.size >= FEWEST:
            for signature in signer.signatures(campaign):
                by_form[signature.form].append((campaign, signature))
    return by_form


def _rows(
    head: str,
    found: list[tuple[Cluster, Signature]],
    neighbours: _Neighbours,
    held: list[Values],
) -> Iterator[str]:
    finds = [_found(c, s, s.matches, neighbours) for c, s in found]
    yield _row(head, "threshold or pair", finds, _hits([s for _, s in found], held))
    words = [
        _found(c, s, frozenset(s.conjunction).issubset, neighbours)._replace(
            later=s.conjunction_tested
        )
        for c, s in found
    ]
    hits = sum(set(s.conjunction) <= values for _, s in found for values in held)
    yield _row(head, "conjunction", words, hits)


def _found(
    campaign: Cluster,
    signature: Signature,
    matches: Callable[[Values], bool],
    neighbours: _Neighbours,
) -> _Tried:
    others = neighbours.held_back(campaign)
    found = [n for n, values in others if matches(values)]
    tied = sum(neighbours.tied(campaign, n) for n in found)
    return _Tried(campaign.size, signature.tested, (len(found), len(others)), tied)


class _Neighbours:
    """The rest of the heap, and which of it hangs together with a campaign: a message
    of another operation, in a campaign of which one message is linked to one of this
    campaign as those of an operation are. The two were not joined because too few
    are."""

    def __init__(self, clustering: Clustering) -> None:
        self._clustering = clustering
        step = max(1, len(clustering.store) // ELSEWHERE)
        self._held = [
            (n, _values_in(clustering, n))
            for n in range(0, len(clustering.store), step)[1::2]  # as the Signer halves it
        ]
        self._homes: defaultdict[str, list[int]] = defaultdict(list)
        for number in range(len(clustering.store)):
            self._homes[clustering.home(number, "campaign")].append(number)

    def held_back(self, campaign: Cluster) -> list[tuple[int, Values]]:
        """The messages outside a campaign's operation that taught its signature
        nothing."""
        return [
            one
            for one in self._held
            if self._clustering.home(one[0], "operation") != campaign.parent
        ]

    def tied(self, campaign: Cluster, message: int) -> bool:
        """Whether the campaign of a message hangs together with another."""
        scorer, tau = self._clustering.scorer, self._clustering.assigner.taus[0]
        return any(
            scorer.pair(one, other).linked(0, tau) is not None
            for one in self._homes[self._clustering.home(message, "campaign")]
            for other in campaign.members
        )


def _values_in(clustering: Clustering, message: int) -> Values:
    """The values of a message that some other message of the heap shares."""
    store = clustering.store
    return values_of(
        (_NAMES[store.families[value]], store.texts[value])
        for value in store.values[message]
        if value in store.texts
    )


def _hits(signatures: list[Signature], held: list[Values]) -> int:
    return sum(s.matches(values) for s in signatures for values in held)


def _row(head: str, kind: str, found: list[_Tried], hits: int) -> str:
    shares = [k / n for _, (k, n), *_ in found]
    weighted = sum(one.size * share for one, share in zip(found, shares, strict=True)) / sum(
        one.size for one in found
    )
    k, n = (sum(one.elsewhere[part] for one in found) for part in (0, 1))
    good = sum(share >= 0.85 for share in shares)
    return (
        f"| {head} | {kind} | {len(found)} | {mean(shares):.3f} | {median(shares):.3f} | "
        f"{weighted:.3f} | {good} | {k} of {n:,} (≤ {upper_bound(k, n):.1e}) | "
        f"{sum(one.tied for one in found)} | {hits} |"
    )
