"""Plants campaigns into the corpora's real phishing and spam, gathers the heap, and
says how much of each came back and how pure it is.

Decoys stand among them: genuine mail of the forged provider and of the forged program,
multiplied with its rare values renamed, and real spam whose author now is of the forged
domain. Half of that genuine mail is in the user's background, the other half makes the
decoys."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from hashlib import sha256
from multiprocessing import Pool
from typing import NamedTuple

from benchmarks.campaigns.heap import Told, bad_mail, genuine
from benchmarks.campaigns.in_memory import cluster_in_memory
from benchmarks.campaigns.planted import FEATURES, Plan, write
from firsthop.campaign.background import PERSONAL, Background, count_source, shipped
from firsthop.campaign.clustering.clustering import Clustering
from firsthop.campaign.features import Feature, MessageFeatures, features_of
from firsthop.campaign.similarity.parameters import ClusteringParameters
from firsthop.evidence.facts import establish
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail
from firsthop.settings import own_servers

SIZES = (5, 20, 100, 500, 2_000, 20_000)
ROTATED_SIZE = 500
OWN = own_servers(["mx1.reader.example"])
_COLLECTOR = Feature("author_address", "phishing@pot")


class Came(NamedTuple):
    """How a planted campaign came back."""

    plan: Plan
    level: str
    recall: float  # share of its messages in the cluster that holds most of them
    purity: float  # share of that cluster that is the campaign's
    clusters: int  # clusters its messages lie in


def planted(plan: Plan, seed: int = 1) -> list[MessageFeatures]:
    """The features of a planted campaign."""
    with Pool() as pool:
        return pool.map(partial(_features, plan.name), enumerate(write(plan, seed)), chunksize=200)


def _features(name: str, numbered: tuple[int, bytes]) -> MessageFeatures:
    number, data = numbered
    return features_of(establish(read_mail(raw_mail(data, f"planted/{name}/{number}", "eml")), OWN))


def real_heap(all_told: list[Told]) -> list[MessageFeatures]:
    """The real phishing and spam, without the mail that its collector forwarded by
    hand."""
    return [
        t.features
        for t in bad_mail(all_told)
        if not any(f[:2] == _COLLECTOR[:2] for f in t.features.features)
    ]


def background(all_told: list[Told]) -> Background:
    """The shipped statistic and a user's own: genuine list mail, and half of the
    genuine mail of the forged provider and program."""
    lists = count_source(
        "lists", "genuine list mail", [t.features for t in genuine(all_told, "lists_")]
    )
    return shipped() + Background(
        (
            lists,
            count_source(
                "impersonated", "genuine mail of provider and program", _impersonated(all_told, 0)
            ),
        )
    )


def _impersonated(all_told: list[Told], half: int) -> list[MessageFeatures]:
    mail = [t.features for t in genuine(all_told, "special_")]
    return mail[half::2]


def decoys(all_told: list[Told], count: int = 400) -> list[MessageFeatures]:
    """Genuine mail of provider and program, multiplied; and spam with an author at the
    provider."""
    chance = random.Random(7)
    kept = _impersonated(all_told, 1)
    spam = [t.features for t in bad_mail(all_told) if t.source == "spamassassin_corpus"]
    made = [renamed(chance.choice(kept), f"decoy {n}", chance) for n in range(count)]
    return made + [
        _forging(renamed(one, f"forging {n}", chance))
        for n, one in enumerate(chance.sample(spam, count // 4))
    ]


def renamed(one: MessageFeatures, mark: str, chance: random.Random) -> MessageFeatures:
    """The message with the values that name persons, hosts and texts renamed: mail of
    another user of the same program and provider."""
    personal = {
        *PERSONAL,
        "helo",
        "first_helo",
        "helo_domain",
        "client_network",
        "id_affix",
        "boundary_affix",
        "html_skeleton",
        "attachment",
        "envelope_domain",
    }
    changed = tuple(
        f._replace(value=f"{f.value} {mark}"[:200]) if f.family in personal else f
        for f in one.features
    )
    moved = one.instant + chance.randrange(-30, 30) * 86_400 if one.instant is not None else None
    return one._replace(
        id=sha256(f"{one.id} {mark}".encode()).hexdigest(),
        uri=f"{mark} {one.uri}",
        instant=moved,
        features=changed,
    )


def _forging(one: MessageFeatures) -> MessageFeatures:
    return one._replace(
        features=tuple(
            f._replace(value="libero.it") if f.family == "author_domain" else f
            for f in one.features
        )
    )


def one_month(heap: Iterable[MessageFeatures]) -> list[MessageFeatures]:
    """The same mail, all within May 2014: no value has a life outside its busiest
    months."""
    chance = random.Random(3)
    return [one._replace(instant=1_399_000_000 + chance.randrange(30 * 86_400)) for one in heap]


def came_back(clustering: Clustering, plans: Iterable[Plan]) -> Iterator[Came]:
    """How each plan came back, on the levels of operation and campaign."""
    for plan in plans:
        numbers = [
            n
            for n, (uri, _, _) in enumerate(clustering.store.places)
            if uri.startswith(f"planted/{plan.name}/")
        ]
        for index, level in enumerate(("operation", "campaign")):
            clusters = clustering.assigner.levels[index]
            found = Counter(map(clusters.find, numbers))
            root, most = found.most_common(1)[0]
            yield Came(plan, level, most / len(numbers), most / clusters.size(root), len(found))


def planted_rows(
    all_told: list[Told], largest: int, settings: ClusteringParameters | None = None
) -> Iterator[str]:
    """The rows of the tables of planted campaigns, as Markdown."""
    known = background(all_told)
    base = [*real_heap(all_told), *decoys(all_told)]
    month = one_month(base)
    for what, plans, mail in _trials(largest, base, month):
        clustering = cluster_in_memory(
            [*mail, *(one for plan in plans for one in planted(plan))], known, settings
        )
        rate = max(r.rate for r in clustering.rates if r.level == "campaign")
        for came in came_back(clustering, plans):
            if came.level == "campaign":
                above = next(
                    c for c in came_back(clustering, [came.plan]) if c.level == "operation"
                )
                yield (
                    f"| {what} | {came.recall:.3f} | {came.purity:.3f} | {came.clusters} | "
                    f"{above.recall:.3f} | {above.purity:.3f} "
                    f"| {100 * rate:.2f} % | {clustering.raised:g} |"
                )


def _trials(
    largest: int, base: list[MessageFeatures], month: list[MessageFeatures]
) -> Iterator[tuple[str, list[Plan], list[MessageFeatures]]]:
    for size in (s for s in SIZES if s <= largest):
        yield f"{size:,} messages", [Plan(f"size-{size}", size)], base
        yield (
            f"{size:,} messages, the whole heap within one month",
            [Plan(f"month-{size}", size)],
            month,
        )
    rotated = min(ROTATED_SIZE, largest)
    for feature in FEATURES:
        yield (
            f"{rotated}, {feature} rotated",
            [Plan(f"no-{feature}", rotated, frozenset({feature}))],
            base,
        )
    for several in SEVERAL:
        yield (
            f"{rotated}, rotated: {', '.join(several)}",
            [Plan("no-" + "-".join(several), rotated, frozenset(several))],
            base,
        )
    for size in (20, rotated):
        rivals = [
            Plan(f"rival-{name}-{size}", size, relay="mail7.abused.example.jp", kind=kind)
            for kind, name in enumerate("ab")
        ]
        yield f"two rivals of {size} on one relay", rivals, base


SEVERAL = (
    ("relay", "helo"),
    ("url", "body"),
    ("mailer", "id", "order"),
    ("relay", "helo", "url", "body"),
    ("relay", "helo", "mailer", "id"),
    ("relay", "helo", "mailer", "id", "order", "zone"),
    ("relay", "helo", "mailer", "id", "subject", "url", "body"),
    tuple(FEATURES),
)
