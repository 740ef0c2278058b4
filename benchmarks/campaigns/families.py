"""How often two mails agree on each family: pairs of one body against random pairs, on
the corpora; the figures of features/families.py are held against it.

    python -m benchmarks.campaigns.families

One body: three or more of six passages in common, or one body group of
TRUTH_campaigns.tsv; at most three pairs a mail, so that no group outweighs the rest.
Content families are what such pairs are chosen by, so their agreement is biased
upwards. One hand: the pairs of labelled.tsv that were read before disagreements were
weighed by them."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator

from benchmarks.campaigns.heap import Told, told
from benchmarks.campaigns.labelled import labelled
from benchmarks.campaigns.recall import real_heap
from benchmarks.corpora import truth
from firsthop.campaign.features import FAMILIES, MessageFeatures

RANDOM_PAIRS = 40_000
_PER_MAIL = 3
_SHARED = 3  # passages
_COUNTED = ("before", "after", "last", "kept back")  # draws of pairs
Values = dict[str, frozenset[str]]
Pair = tuple[int, int]


def agreement_rows(all_told: list[Told]) -> Iterator[str]:
    """For each family: k of n pairs that agree, where both mails have it."""
    mail = real_heap(all_told)
    values = [_values(one) for one in mail]
    chance = random.Random(1)
    same, other = (
        _same_body(mail, values),
        [(chance.randrange(len(mail)), chance.randrange(len(mail))) for _ in range(RANDOM_PAIRS)],
    )
    agree, differ = _count(values, same), _count(values, [p for p in other if p[0] != p[1]])
    hand = _count(values, _one_hand(mail))
    for name, family in FAMILIES.items():
        (k, n), (h, p), (j, m) = agree[name], hand[name], differ[name]
        yield (
            f"| `{name}` | {_share(k, n)} | {k} of {n} | {_share(h, p)} | {h} of {p} | "
            f"{_share(j, m)} | {j} of {m} | "
            f"{'' if family.agree is None else f'{family.agree:g}'} | {family.chance:g} |"
        )


def _values(one: MessageFeatures) -> Values:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for f in one.features:
        found[f.family].add(f.value)
    return {family: frozenset(values) for family, values in found.items()}


def _same_body(mail: list[MessageFeatures], values: list[Values]) -> list[Pair]:
    """Pairs of one body."""
    known = truth("TRUTH_campaigns.tsv")
    carriers: defaultdict[str, list[int]] = defaultdict(list)
    found: set[Pair] = set()
    for number, one in enumerate(mail):
        shared: Counter[int] = Counter()
        for passage in values[number].get("passage", ()):
            shared.update(carriers[passage][-20:])
            carriers[passage].append(number)
        group = f"group {known.get(one.uri.rpartition('/')[2], number)}"
        near = [n for n, k in shared.most_common(_PER_MAIL) if k >= _SHARED] + carriers[group][
            -_PER_MAIL:
        ]
        carriers[group].append(number)
        found.update((other, number) for other in near[:_PER_MAIL])
    return sorted(found)


def _one_hand(mail: list[MessageFeatures]) -> list[Pair]:
    """Pairs of one hand, as they were read."""
    number = {one.uri.rpartition("/")[2]: place for place, one in enumerate(mail)}
    return [
        (number[pair.a], number[pair.b])
        for pair in labelled()
        if pair.label == "same" and pair.drawn in _COUNTED
    ]


def _count(values: list[Values], pairs: list[Pair]) -> dict[str, tuple[int, int]]:
    agree: Counter[str] = Counter()
    both: Counter[str] = Counter()
    for a, b in pairs:
        for family in values[a].keys() & values[b].keys():
            both[family] += 1
            agree[family] += bool(values[a][family] & values[b][family])
    return {name: (agree[name], both[name]) for name in FAMILIES}


def _share(k: int, n: int) -> str:
    return f"{k / n:.3f}" if n else ""


if __name__ == "__main__":
    for row in agreement_rows(list(told())):
        print(row)
