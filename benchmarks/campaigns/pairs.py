"""Prints random pairs of real phishing and spam for a reader: inside a campaign, and
near misses outside. What a reading found is kept in reading.md.

    python -m benchmarks.campaigns.pairs [PAIRS] [SEED]       default: 60 of each kind,
    seed 1

Half of the pairs inside are drawn over pairs, half over mails. A near miss has NEAR
bits or fewer under the threshold of a campaign and lies in two campaigns."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from itertools import combinations

from benchmarks.campaigns.heap import Told, told
from benchmarks.campaigns.in_memory import cluster_in_memory
from benchmarks.campaigns.recall import background, real_heap
from firsthop.campaign.clustering.assign import Assigner
from firsthop.campaign.clustering.clustering import Clustering

NEAR = 6.0
SHOWN = (
    "helo",
    "first_helo",
    "author_address",
    "display_name",
    "mailer",
    "id_shape",
    "subject_template",
    "url_domain",
    "passage",
)
Pair = tuple[int, int]


def main() -> None:
    """Prints the pairs."""
    count, seed = (
        int(sys.argv[n]) if len(sys.argv) > n else default for n, default in ((1, 60), (2, 1))
    )
    everything = list(told())
    clustering = cluster_in_memory(real_heap(everything), background(everything))
    by_id = {one.features.id: one for one in everything}
    chance = random.Random(seed)
    inside, outside = list(_inside(clustering)), list(_near_misses(clustering))
    mails = sorted({number for pair in inside for number in pair})
    drawn = chance.sample(inside, count // 2) + [
        chance.choice([p for p in inside if mail in p])
        for mail in chance.sample(mails, count - count // 2)
    ]
    for kind, pairs, of in (
        ("inside", drawn, len(inside)),
        ("near miss", chance.sample(outside, count), len(outside)),
    ):
        for number, (a, b) in enumerate(pairs, 1):
            score = clustering.scorer.pair(a, b)
            operation = clustering.home(a, "operation") == clustering.home(b, "operation")
            print(
                f"== {kind} {number} of {of}: {score.observed:.1f} "
                f"bits{', one operation' if operation else ''}"
            )
            for mail in (a, b):
                print("  ", _shown(by_id[clustering.store.ids[mail]]))


def _inside(clustering: Clustering) -> Iterator[Pair]:
    for campaign in clustering.clusters("campaign"):
        yield from combinations(campaign.members, 2)


def _near_misses(clustering: Clustering) -> Iterator[Pair]:
    tau = clustering.assigner.taus[1]
    again = Assigner(clustering.scorer, raised=-NEAR)
    for number in clustering.store.in_time(range(len(clustering.store))):
        for other, score in again.compare(number):
            if (
                tau - NEAR <= score.observed < tau
                and score.views >= 2
                and clustering.home(number, "campaign") != clustering.home(other, "campaign")
            ):
                yield other, number


def _shown(one: Told) -> str:
    parts: dict[str, list[str]] = {}
    for feature in one.features.features:
        if feature.family in SHOWN:
            parts.setdefault(feature.family, []).append(feature.value)
    texts = (
        f"{family}: {' / '.join(parts[family][:3])[:90]}" for family in SHOWN if family in parts
    )
    return f"{one.path.rpartition('/')[2][:30]} | {' | '.join(texts)}"


if __name__ == "__main__":
    main()
