"""The corpora's real phishing and spam: how many campaigns, what chance does, whether
platforms pass for campaigns, and the groups known by their bodies."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from itertools import combinations

from benchmarks.campaigns.heap import Told
from benchmarks.campaigns.in_memory import cluster_in_memory
from benchmarks.campaigns.recall import background, real_heap
from benchmarks.corpora import truth
from firsthop.campaign.background import Background, shipped
from firsthop.campaign.clustering.clustering import Clustering
from firsthop.campaign.features.families import NUMBER
from firsthop.campaign.similarity.parameters import LEVELS, ClusteringParameters

HEADERS = frozenset({"infrastructure", "software", "identity", "relation"})
PLATFORMS = {
    "Google": ("google.com",),
    "Outlook": ("outlook.com",),
    "Amazon SES": ("amazonses.com",),
    "SendGrid": ("sendgrid.net",),
    "Mailgun": ("mailgun.net",),
    "Mailchimp": ("mcsv.net", "mcdlv.net", "rsgsv.net", "mailchimpapp.net"),
    "Firebase": ("firebaseapp.com",),
}
_MAILBOXES = tuple(map(NUMBER.__getitem__, ("author_address", "reply_address")))
_FAMILIES = ("helo_domain", "relay_domain", "dkim_key", "author_domain")


def heap_rows(all_told: list[Told]) -> Iterator[str]:
    """For each background and choice of views: clusters, chance rates, and the known
    groups."""
    known = truth("TRUTH_campaigns.tsv")
    mail = real_heap(all_told)
    grounds: list[tuple[str, Background]] = [
        ("shipped and own", background(all_told)),
        ("shipped", shipped()),
    ]
    for name, ground in grounds:
        for views, settings in (
            ("all", ClusteringParameters()),
            ("headers only", ClusteringParameters(views=HEADERS)),
        ):
            clustering = cluster_in_memory(mail, ground, settings)
            for level in LEVELS:
                yield f"| {name} | {views} | {_row(clustering, level, known)} |"


def _row(clustering: Clustering, level: str, known: dict[str, str]) -> str:
    found = clustering.clusters(level)
    rates = {r.shuffle: r.rate for r in clustering.rates if r.level == level}
    groups = _by_group(clustering, known)
    precision, recall = _pairs(clustering, level, groups.values())
    by_mailbox, _ = _pairs(clustering, level, _of_one_mailbox(clustering, groups))
    sizes = ", ".join(str(c.size) for c in found[:5])
    return (
        f"{level} | {len(found)} | {sizes} | {100 * rates['heap']:.2f} % | "
        f"{100 * rates['month']:.2f} % | {precision:.3f} | {by_mailbox:.3f} | {recall:.3f} | "
        f"{_groups(clustering, level, groups.values())}"
    )


def _by_group(clustering: Clustering, known: dict[str, str]) -> dict[str, list[int]]:
    """The known groups: one body each."""
    groups = defaultdict(list)
    for number, (uri, _, _) in enumerate(clustering.store.places):
        if group := known.get(uri.rpartition("/")[2]):
            groups[group].append(number)
    return groups


def _of_one_mailbox(clustering: Clustering, groups: Mapping[str, list[int]]) -> list[list[int]]:
    """The groups, those as one that an author's mailbox or one for answers has in
    common: who reads the answers to two bodies wrote both."""
    store, whole = clustering.store, _Merged()
    for group, many in groups.items():
        for value in {v for n in many for v in store.values[n] if store.families[v] in _MAILBOXES}:
            whole.merge(group, value)
    merged = defaultdict(list)
    for group, many in groups.items():
        merged[whole.root(group)].extend(many)
    return list(merged.values())


class _Merged:
    """Sets of groups and values that were merged, each by what stands for it."""

    def __init__(self) -> None:
        self._above: dict[str | int, str | int] = {}

    def root(self, one: str | int) -> str | int:
        """What stands for the set that holds it."""
        while (above := self._above.get(one, one)) != one:
            one = above
        return one

    def merge(self, one: str | int, other: str | int) -> None:
        """Makes one set of theirs."""
        self._above[self.root(one)] = self.root(other)


def _pairs(
    clustering: Clustering, level: str, groups: Collection[list[int]]
) -> tuple[float, float]:
    """Precision and recall over pairs of the messages whose group is known."""
    group = {n: place for place, many in enumerate(groups) for n in many}
    same = together = both = 0
    homes = {n: clustering.home(n, level) for n in group}
    for a, b in combinations(group, 2):
        alike, joined = group[a] == group[b], homes[a] == homes[b]
        same, together, both = same + alike, together + joined, both + (alike and joined)
    return both / max(1, together), both / max(1, same)


def _groups(clustering: Clustering, level: str, groups: Collection[list[int]]) -> str:
    """Groups of three or more of which at least half lie in one cluster."""
    large = [many for many in groups if len(many) >= 3]
    found = sum(
        2 * max(Counter(clustering.home(n, level) for n in many).values()) >= len(many)
        for many in large
    )
    return f"{found} of {len(large)}"


def platform_rows(all_told: list[Told]) -> Iterator[str]:
    """For each platform: its mail, the campaigns it lies in, and the largest
    of them."""
    clustering = cluster_in_memory(real_heap(all_told), background(all_told))
    by_id = {t.features.id: t.features for t in all_told}
    for name, domains in PLATFORMS.items():
        mail = [
            n
            for n, one in enumerate(clustering.store.ids)
            if _through(by_id[one].features, domains)
        ]
        homes = Counter(clustering.home(n, "campaign") for n in mail)
        if homes:
            home, most = homes.most_common(1)[0]
            authors = {
                f.value
                for n in mail
                if clustering.home(n, "campaign") == home
                for f in by_id[clustering.store.ids[n]].features
                if f.family == "author_domain"
            }
            yield (
                f"| {name} | {len(mail)} | {len(homes)} | {most} | {100 * most / len(mail):.0f} "
                f"% | {len(authors)} |"
            )


def _through(
    features: tuple[tuple[str, str, object, object], ...], domains: tuple[str, ...]
) -> bool:
    return any(
        f[0] in _FAMILIES
        and any(f[1] == d or f[1].startswith(f"{d} ") or f[1].endswith(f".{d}") for d in domains)
        for f in features
    )
