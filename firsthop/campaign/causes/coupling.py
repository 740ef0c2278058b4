"""Whether authors and the networks that their mail comes from have to do with each
other: mutual information, against what a permutation of the networks gives.

Where each user's own PC sends, each author keeps to few networks; where hosts are
hired, the pairing is chance. The shuffle has a seed of its own: the same mail gives the
same answer."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from math import log2

SAMPLE = 2_000  # messages that are looked at, the first in time
SHUFFLES = 99
RARE = 0.05  # share of shuffles that may reach what was observed
LEAST = 2  # authors with several messages, and networks that recur, for a test


def keeps_origin(pairs: Sequence[tuple[str, str]]) -> bool | None:
    """Whether author and network of these messages go together; None where too few of
    either recur to tell."""
    pairs = pairs[:SAMPLE]
    authors, networks = [author for author, _ in pairs], [network for _, network in pairs]
    if sum(n > 1 for n in Counter(authors).values()) < LEAST or len(set(networks)) < LEAST:
        return None
    observed = mutual_information(authors, networks)
    chance = random.Random(0)  # noqa: S311 - a reproducible shuffle, no secret
    reached = 0
    for _ in range(SHUFFLES):
        chance.shuffle(networks)
        reached += mutual_information(authors, networks) >= observed - 1e-9
    return (reached + 1) / (SHUFFLES + 1) <= RARE


def mutual_information(one: Sequence[str], other: Sequence[str]) -> float:
    """Bits that one of two aligned lists tells about the other."""
    n = len(one)
    singly, doubly = Counter(one), Counter(other)
    return sum(
        k / n * log2(k * n / (singly[a] * doubly[b]))
        for (a, b), k in Counter(zip(one, other, strict=True)).items()
    )
