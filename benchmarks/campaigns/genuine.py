"""Genuine mail as a heap, which no background knows: how much of it passes for
campaigns.

    python -m benchmarks.campaigns.genuine

Mail of mailing lists, with the shipped background alone; and the genuine mail of
SpamAssassin's and foff-milter's corpora, which the shipped background was counted on.
Colleagues and threads hang together; mail of different authors in one campaign is what
should not be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from benchmarks.campaigns.heap import Told, genuine, told
from benchmarks.campaigns.in_memory import cluster_in_memory
from firsthop.campaign.background import shipped
from firsthop.campaign.features import MessageFeatures

KNOWN = ("spamassassin_corpus", "foff_milter")


def genuine_rows(all_told: list[Told]) -> Iterator[str]:
    """For each heap: its campaigns, the largest, the pairs in them, and those of
    different authors."""
    known = [one for one in all_told if one.label == "ham" and one.source in KNOWN]
    for name, many in (
        ("mailing lists", genuine(all_told, "lists_", "special_")),
        ("known to the background", known),
    ):
        yield f"| {name} | {_row([one.features for one in many])} |"


def _row(mail: list[MessageFeatures]) -> str:
    clustering = cluster_in_memory(mail, shipped())
    author = {one.id: _author(one) for one in mail}
    campaigns = clustering.clusters("campaign")
    pairs = alike = 0
    for campaign in campaigns:
        authors = Counter(author[clustering.store.ids[n]] for n in campaign.members)
        pairs += _pairs(campaign.size)
        alike += sum(map(_pairs, authors.values()))
    largest = ", ".join(str(one.size) for one in campaigns[:5])
    return f"{len(mail):,} | {len(campaigns)} | {largest} | {pairs:,} | {pairs - alike:,}"


def _author(one: MessageFeatures) -> str:
    return next((f.value for f in one.features if f.family == "author_address"), one.id)


def _pairs(size: int) -> int:
    return size * (size - 1) // 2


if __name__ == "__main__":
    for row in genuine_rows(list(told())):
        print(row)
