"""Precision and recall on the pairs that were read by hand (labelled.tsv).

    python -m benchmarks.campaigns.labelled

The pairs were drawn by `benchmarks.campaigns.pairs` before the clustering was changed
(100 inside, 100 near misses), and from its results since: 40 and 40 (`after`), 30 and
30 (`last`), 100 and 100 (`kept back`), 100 and 100 each (`second` to `eighth`). They
were looked at when the clustering was changed again: what the page says of a
draw when it was fresh (reading.md) is the measure. The draws from `second` on were read
without scores or what the program says. A near miss lies just under the threshold of
the clustering it was drawn from, so recall is that of the hardest pairs: a lower bound
of that on all pairs inside or near. Undecided pairs count on neither side; a pair that
an earlier draw had is in that draw alone."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.campaigns.heap import Told, told
from benchmarks.campaigns.in_memory import cluster_in_memory
from benchmarks.campaigns.recall import background, real_heap
from firsthop.campaign.background import Background, shipped
from firsthop.campaign.clustering.clustering import Clustering

TABLE = Path(__file__).with_name("labelled.tsv")
DRAWS = tuple(
    "before,after,last,kept back,second,third,fourth,fifth,sixth,seventh,eighth".split(",")
)
LEVELS = ("campaign", "operation")


class LabelledPair(NamedTuple):
    """Two messages, read side by side."""

    a: str
    b: str  # names of their files
    label: str  # same | different | undecided
    drawn: str  # one of DRAWS
    kind: str  # inside | near miss
    reason: str


def labelled() -> list[LabelledPair]:
    """The pairs that were read."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(rows)
        return [LabelledPair(*row) for row in rows]


def labelled_rows(all_told: list[Told]) -> Iterator[str]:
    """For each draw, background and level: what lies together."""
    mail = real_heap(all_told)
    grounds: tuple[tuple[str, Background], ...] = (
        ("shipped and own", background(all_told)),
        ("shipped", shipped()),
    )
    pairs = labelled()
    for name, ground in grounds:
        clustering = cluster_in_memory(mail, ground)
        for drawn in DRAWS:
            for level in LEVELS:
                yield f"| {drawn} | {name} | {_row(clustering, level, pairs, drawn)} |"


def _row(clustering: Clustering, level: str, pairs: list[LabelledPair], drawn: str) -> str:
    number = {uri.rpartition("/")[2]: n for n, (uri, _, _) in enumerate(clustering.store.places)}
    right = wrong = missed = 0
    for one in pairs:
        if one.drawn != drawn or one.label == "undecided":
            continue
        homes = {clustering.home(number[name], level) for name in (one.a, one.b)}
        right += len(homes) == 1 and one.label == "same"
        wrong += len(homes) == 1 and one.label == "different"
        missed += len(homes) == 2 and one.label == "same"
    precision, recall = right / max(1, right + wrong), right / max(1, right + missed)
    return f"{level} | {right} | {wrong} | {missed} | {precision:.3f} | {recall:.3f}"


if __name__ == "__main__":
    for row in labelled_rows(list(told())):
        print(row)
