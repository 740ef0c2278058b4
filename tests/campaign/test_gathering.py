"""Written campaigns come back whole and pure; ids stay; merges are guarded and
recorded; chance is measured."""

from __future__ import annotations

from array import array
from itertools import pairwise

import pytest

from benchmarks.campaigns.in_memory import MemoryCounts, cluster_in_memory
from benchmarks.campaigns.planted import Plan
from firsthop.campaign.background import (
    Background,
    Source,
    Stat,
    count_source,
    pack,
    shipped,
    unpack,
)
from firsthop.campaign.clustering.chance import ChanceMeasure
from firsthop.campaign.clustering.clustering import Clustering
from firsthop.campaign.clustering.clusters import Clusters
from firsthop.campaign.features import FAMILIES, Feature, MessageFeatures, feature_hash
from firsthop.campaign.similarity.parameters import ClusteringParameters
from firsthop.campaign.similarity.score import Score, Scorer
from firsthop.campaign.similarity.store import Store
from firsthop.campaign.similarity.weights import Epoch
from tests.campaign.messages import written

IDS = [f"m{number}" for number in range(20)]
LARGE, SMALL = Plan("large", 120), Plan("small", 6)
NOISE = [one for n in range(60) for one in written(Plan(f"noise-{n}", 1, kind=n % 2))]


def mail(
    name: str, *features: tuple[str, str], domain: str | None = None, month: int = 0
) -> MessageFeatures:
    """A message of given values."""
    return MessageFeatures(
        name,
        name,
        0,
        None,
        month * 2_592_000,
        "hop",
        0,
        domain,
        tuple(Feature(*f) for f in features),
    )


@pytest.fixture(scope="module")
def clustering() -> Clustering:
    return cluster_in_memory([*NOISE, *written(LARGE), *written(SMALL)])


@pytest.mark.parametrize("plan", [LARGE, SMALL])
def test_a_campaign_comes_back_whole_and_pure(clustering: Clustering, plan: Plan) -> None:
    homes = {
        clustering.home(n, "campaign")
        for n, (uri, _, _) in enumerate(clustering.store.places)
        if uri.startswith(plan.name)
    }
    assert len(homes) == 1
    (found,) = [c for c in clustering.clusters("campaign") if c.id in homes]
    assert found.size == plan.size


def test_the_levels_are_a_tree(clustering: Clustering) -> None:
    for number in range(len(clustering.store)):
        for level, above in (("campaign", "operation"), ("wave", "campaign")):
            for campaign in clustering.clusters(level):
                if number in campaign.members:
                    assert campaign.parent == clustering.home(number, above)


def test_two_waves_13_days_apart_are_one_campaign(clustering: Clustering) -> None:
    found = next(c for c in clustering.clusters("campaign") if c.size == LARGE.size)
    assert (found.last_seen or 0) - (found.first_seen or 0) > 13 * 86_400


def test_rivals_on_one_relay_stay_apart() -> None:
    plans = [Plan(f"rival-{k}", 30, relay="mail.abused.example.jp", kind=k) for k in (0, 1)]
    found = cluster_in_memory([*NOISE, *(one for plan in plans for one in written(plan))]).clusters(
        "campaign"
    )
    assert [c.size for c in found] == [30, 30]


def test_later_mail_joins_and_ids_stay() -> None:
    first, later = written(Plan("later", 40))[:20], written(Plan("later", 40))[20:]
    clustering = cluster_in_memory([*NOISE, *first])
    (before,) = clustering.clusters("campaign")
    clustering.add([*later, *first])
    (after,) = clustering.clusters("campaign")
    assert (after.id, after.size) == (before.id, 40)


def test_a_case_that_is_gathered_again_keeps_its_ids() -> None:
    mails = [*NOISE, *written(Plan("again", 12))]
    clustering = cluster_in_memory(mails[:-2])
    known = {
        one: tuple(clustering.home(n, level) for level in ("operation", "campaign", "wave"))
        for n, one in enumerate(clustering.store.ids)
    }
    again = cluster_in_memory(list(reversed(mails)), known=known)  # type: ignore[arg-type]
    (before,), (after,) = clustering.clusters("campaign"), again.clusters("campaign")
    assert (after.id, after.size) == (before.id, 12)


def test_the_same_heap_gives_the_same_result(clustering: Clustering) -> None:
    again = cluster_in_memory([*NOISE, *written(LARGE), *written(SMALL)])
    assert again.clusters() == clustering.clusters()


def test_a_merge_needs_bridges_and_leaves_an_alias() -> None:
    clusters = Clusters("campaign", ClusteringParameters(), IDS)
    for root in (0, 10):
        clusters.open(root)
        for number in range(root + 1, root + 10):
            clusters.join(number, root)
    assert not clusters.bridge(3, 13)
    assert clusters.bridge(4, 14)
    assert (clusters.find(15), clusters.size(clusters.find(15))) == (0, 20)
    (alias,) = clusters.aliases
    assert (alias.new, alias.reason) == (clusters.id_of(0), "2 messages are linked to both")


def test_bridges_are_carried_over_to_the_surviving_cluster() -> None:
    clusters = Clusters("campaign", ClusteringParameters(bridges=3), IDS)
    for root in range(3):
        clusters.open(root)
        clusters.join(root + 3, root)
    clusters.bridge(0, 2)
    clusters.bridge(1, 2)
    clusters.merge(0, 1, "test")
    assert clusters.bridge(0, 2)


def test_a_message_that_is_alone_needs_one_bridge() -> None:
    clusters = Clusters("campaign", ClusteringParameters(), IDS)
    for number in range(2):
        clusters.open(number)
    clusters.join(2, 1)
    assert clusters.bridge(0, 2)


def weights(
    mails: list[MessageFeatures], background: Background, labels: list[int] | None = None
) -> tuple[Store, Epoch]:
    store = Store()
    store.extend(mails)
    return store, Epoch(
        store,
        MemoryCounts(store, ClusteringParameters(), labels),
        background,
        ClusteringParameters(),
    )


def credit(store: Store, epoch: Epoch, family: str, value: str) -> float:
    number = store.find(family, value)
    assert number is not None
    return epoch.weight[number] / 1000


def pair_of(
    ours: list[tuple[str, str]], theirs: list[tuple[str, str]], *, alone: bool = True
) -> Score:
    """The score of two messages in an empty world."""
    store, epoch = weights([mail("a", *ours), mail("b", *theirs)], Background())
    return Scorer(store, epoch, alone=alone).pair(0, 1)


def test_disagreements_of_one_cause_count_less_each() -> None:
    changed = ["subject_template", "display_name", "html_skeleton", "url_shape"]
    same = ("id_affix", "abcdefghij*")
    apart = [
        pair_of([same, *((f, "x") for f in changed[:n])], [same, *((f, "y") for f in changed[:n])])
        for n in range(5)
    ]
    costs = [after.observed - before.observed for before, after in pairwise(apart)]
    assert costs[0] < costs[1] < 0  # the Subject, then half of the name
    assert costs[2] == 0  # the tags are of one view with the Subject, and weigh less
    total = apart[4].observed - apart[0].observed
    families = [FAMILIES[f].against for f in ("subject_template", "url_shape", "display_name")]
    worst = sorted(families)
    assert total == pytest.approx(worst[0] + worst[1] / 2 + worst[2] / 4, abs=0.01)


def test_a_mailbox_that_nobody_else_has_links_by_itself() -> None:
    box = ("reply_address", "box@example.org")
    few = [mail(f"m{n}", ("relay", f"r{n}.example")) for n in range(20_000)]
    store, epoch = weights([mail("a", box), mail("b", box), *few], Background())
    assert credit(store, epoch, *box) >= epoch.settings.alone_bits
    assert Scorer(store, epoch).pair(0, 1).views == 2
    assert Scorer(store, epoch, alone=False).pair(0, 1).views == 1


def test_a_large_campaign_does_not_hide_itself() -> None:
    store, epoch = weights(
        [mail(f"m{n}", ("relay", "r.example.jp")) for n in range(500)]
        + [mail("x", ("relay", "other.example"))],
        shipped(),
    )
    assert credit(store, epoch, "relay", "r.example.jp") > 8


def test_a_value_of_many_authenticated_domains_is_a_platform() -> None:
    mails = [
        mail(f"m{n}", ("dkim_key", "platform.example s1"), domain=f"d{n}.example")
        for n in range(40)
    ]
    store, epoch = weights(
        [
            *mails,
            *(
                mail(f"o{n}", ("dkim_key", f"own{n}.example"), domain=f"o{n}.example")
                for n in range(40)
            ),
        ],
        shipped(),
    )
    assert credit(store, epoch, "dkim_key", "platform.example s1") < 1


def test_a_value_common_in_the_background_weighs_little() -> None:
    background = Background(
        (Source("own", "", 400, 100, {feature_hash("mailer", "Writer"): Stat(200, 50, 5)}),)
    )
    store, epoch = weights([mail("a", ("mailer", "Writer"), ("mailer", "Rare"))], background)
    assert credit(store, epoch, "mailer", "Writer") < 1 < credit(store, epoch, "mailer", "Rare")


def test_a_host_of_a_pool_is_not_much_rarer_than_its_organisation() -> None:
    background = Background(
        (
            Source(
                "own",
                "",
                400,
                100,
                {feature_hash("relay_domain", "pool.example"): Stat(200, 50, 5)},
            ),
        )
    )
    store, epoch = weights(
        [
            mail(
                "a",
                ("relay", "mx17.pool.example"),
                ("relay_domain", "pool.example"),
                ("relay", "mx.lone.example"),
            )
        ],
        background,
    )
    assert (
        credit(store, epoch, "relay", "mx17.pool.example")
        < 5
        < credit(store, epoch, "relay", "mx.lone.example")
    )


def test_several_campaigns_with_a_value_make_it_common() -> None:
    mails = [mail(f"m{n}", ("mailer", "Writer")) for n in range(400)]
    store, epoch = weights(mails, shipped(), list(range(400)))
    _, once = weights(mails, shipped(), [0] * 400)
    assert credit(store, epoch, "mailer", "Writer") == 0 < credit(store, once, "mailer", "Writer")


def test_chance_is_measured(clustering: Clustering) -> None:
    assert {(r.level, r.shuffle) for r in clustering.rates} == {
        (level, s) for level in ("operation", "campaign", "wave") for s in ("heap", "month")
    }
    assert max(r.rate for r in clustering.rates if r.level != "operation") <= 0.01


def test_a_published_background_names_no_persons() -> None:
    source = count_source(
        "test", "", [*written(Plan("p", 4)), *written(Plan("q", 1))], publish=True
    )
    relay = next(f for f in written(Plan("p", 4))[0].features if f.family == "relay")
    assert relay.hash in source.stats
    personal = {
        f.hash
        for f in written(Plan("p", 4))[0].features
        if f.family in ("author_address", "passage", "client_address")
    }
    assert personal.isdisjoint(source.stats)
    assert unpack(pack(source)) == source.stats


def test_the_shipped_background_says_what_it_is() -> None:
    assert shipped().messages > 2000
    assert [s.name for s in shipped().sources if not s.explanation or not s.stats] == []


def test_a_store_takes_each_message_once() -> None:
    store = Store()
    assert store.extend([mail("a", ("helo", "x.example")), mail("a", ("helo", "y.example"))]) == [0]
    assert store.values[0] == array("i", [0])


def test_higher_thresholds_leave_fewer_links(clustering: Clustering) -> None:
    measured = ChanceMeasure(clustering.assigner).rates_at((0.0, 4.0, 90.0))
    assert measured[0] == ChanceMeasure(clustering.assigner).rates()
    for low, high in pairwise(measured):
        assert all(
            less.links <= more.links and less.false_pairs <= more.false_pairs
            for more, less in zip(low, high, strict=True)
        )
    assert all(rate.links == 0 for rate in measured[-1])
    assert measured[0][0].links > 0
