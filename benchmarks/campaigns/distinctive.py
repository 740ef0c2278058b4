"""Signatures on the later part of real campaigns, and on genuine mail that no
background has seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from statistics import mean, median

from benchmarks.campaigns.heap import Told, genuine
from benchmarks.campaigns.in_memory import cluster_in_memory
from benchmarks.campaigns.recall import real_heap
from firsthop.campaign.background import Background, count_source, shipped
from firsthop.campaign.signature.bitsets import Values
from firsthop.campaign.signature.proportion import upper_bound
from firsthop.campaign.signature.signature import Signature, values_of
from firsthop.campaign.signature.signatures import Signer

LEAST = 10  # messages of a campaign


def held_apart(all_told: list[Told]) -> list[Values]:
    """The genuine mail that stays out of the background here."""
    mail = [t.features for t in genuine(all_told, "lists_", "special_")]
    return [values_of((f.family, f.value) for f in one.features) for one in mail[1::2]]


def signature_rows(all_told: list[Told]) -> Iterator[str]:
    """One row for each form: weighted atoms, and the conjunction."""
    mail, held = [t.features for t in genuine(all_told, "lists_", "special_")], held_apart(all_told)
    clustering = cluster_in_memory(
        real_heap(all_told),
        shipped() + Background((count_source("half", "half of the genuine list mail", mail[::2]),)),
    )
    campaigns = [c for c in clustering.clusters("campaign") if c.size >= LEAST]
    by_form: defaultdict[str, list[tuple[int, Signature]]] = defaultdict(list)
    signer = Signer(clustering)
    for campaign in campaigns:
        for signature in signer.signatures(campaign):
            by_form[signature.form].append((campaign.size, signature))
    for form, found in by_form.items():
        yield _row(
            form,
            "weighted",
            [(n, s.tested, s.false_positives.k, s.false_positives.n) for n, s in found],
            _hits([s for _, s in found], held),
        )
        words = [
            (
                n,
                s.conjunction_tested,
                s.conjunction_false_positives.k,
                s.conjunction_false_positives.n,
            )
            for n, s in found
        ]
        yield _row(
            form,
            "conjunction",
            words,
            sum(set(s.conjunction) <= values for _, s in found for values in held),
        )


def _hits(signatures: list[Signature], held: list[Values]) -> int:
    return sum(s.matches(values) for s in signatures for values in held)


def _row(
    form: str, kind: str, found: list[tuple[int, tuple[int, int], int, int]], hits: int
) -> str:
    shares = [k / n for _, (k, n), _, _ in found]
    weighted = sum(size * share for (size, *_), share in zip(found, shares, strict=True)) / sum(
        size for size, *_ in found
    )
    k, n = sum(f[2] for f in found), sum(f[3] for f in found)
    good = sum(share >= 0.85 for share in shares)
    return (
        f"| {form} | {kind} | {len(found)} | {mean(shares):.3f} | {median(shares):.3f} | "
        f"{weighted:.3f} | {good} | {k} of {n:,} (≤ {upper_bound(k, n):.1e}) | {hits} |"
    )
