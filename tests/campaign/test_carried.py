"""A message, or a report, carries no merge alone: what one can do at most."""

from __future__ import annotations

import random
from itertools import combinations, permutations

import pytest

from benchmarks.campaigns.in_memory import cluster_in_memory
from firsthop.campaign.clustering.carried import carried_parts
from firsthop.campaign.clustering.clustering import Clustering
from firsthop.campaign.clustering.witnesses import report_of
from firsthop.campaign.features import Feature, MessageFeatures, features_of
from firsthop.settings import OwnServers
from tests.campaign.messages import facts_of
from tests.exports.heaps import wave_of_2014

A, B = "abcdefghij", "klmnopqrst"
HOURS = 3_600


def edges(*groups: str) -> list[tuple[int, int, float]]:
    """Links between all of a group, by letters."""
    return [(ord(a), ord(b), 30.0) for one in groups for a, b in combinations(one, 2)]


def parts(strong: list[tuple[int, int, float]], loose: list[tuple[int, int, float]]) -> list[str]:
    """The parts, by letters."""
    members = {end for edge in strong for end in edge[:2]}
    return ["".join(map(chr, part)) for part in carried_parts(members, strong, loose)]


@pytest.mark.parametrize(
    ("groups", "loose", "expected"),
    [
        (["abc", "cd"], [], ["abc", "d"]),  # a leaf that one alone links
        (["abc", "cd"], ["ad"], ["abcd"]),  # and that a second one links as well
        (["ab"], [], ["ab"]),  # two alone
        (["abcd", "dxyz"], [], ["abcd", "xyz"]),
        (["abcd", "cdxy"], [], ["abcdxy"]),  # two carry it
        (["abc", "cde", "efg"], [], ["abc", "de", "fg"]),
        (["abc", "xyz"], [], ["abc", "xyz"]),  # nothing between them
    ],
)
def test_what_one_alone_ties_together_is_taken_apart(
    groups: list[str], loose: list[str], expected: list[str]
) -> None:
    assert parts(edges(*groups), edges(*loose)) == expected


def test_parts_do_not_depend_on_the_order_of_links() -> None:
    strong = edges("abcd", "dwxyz", "zuv")
    found = set()
    for seed in range(20):
        random.Random(seed).shuffle(strong)
        found.add(tuple(parts(strong, [])))
    assert len(found) == 1


def test_a_solid_witness_holds_what_is_linked_to_it() -> None:
    strong = edges("abc", "cde")
    assert carried_parts(map(ord, "abcde"), strong, (), [ord("c")]) == [list(map(ord, "abcde"))]


def test_a_long_chain_is_no_recursion() -> None:
    chain = [(n, n + 1, 30.0) for n in range(5_000)]
    assert sum(map(len, carried_parts(range(5_001), chain))) == 5_001


def campaign(kind: str, count: int, start: int) -> list[MessageFeatures]:
    """Mails of one hand: text, kit and relay."""
    return [crafted(f"{kind}-{n}", [kind], start + n * HOURS) for n in range(count)]


def crafted(name: str, kinds: list[str], instant: int, uri: str = "") -> MessageFeatures:
    """A mail that has the traits of several hands."""
    features = [
        Feature(family, f"{family} of {kind}")
        for kind in kinds
        for family in ("author_address", "client_address", "toolmark", "reply_address")
    ] + [Feature("passage", f"passage {n} of {kind}") for kind in kinds for n in range(4)]
    return MessageFeatures(name, uri or name, 0, None, instant, "hop", 0, None, tuple(features))


def homes(clustering: Clustering, kind: str) -> set[str]:
    """The campaigns that mails of a hand lie in."""
    return {
        clustering.home(number, "campaign")
        for number, one in enumerate(clustering.store.ids)
        if one.startswith(kind)
    }


ONE, OTHER = campaign("one", 20, 0), campaign("other", 20, 7 * HOURS)
NEWSLETTER = campaign("newsletter", 6, 3 * HOURS)


@pytest.mark.parametrize("instant", [-HOURS, 0, 5 * HOURS + 1, 12 * HOURS + 1, 400 * HOURS])
def test_one_crafted_mail_merges_no_campaigns(instant: int) -> None:
    clustering = cluster_in_memory([*ONE, *OTHER, crafted("bridge", ["one", "other"], instant)])
    assert len(homes(clustering, "one")) == len(homes(clustering, "other")) == 1
    assert homes(clustering, "one") != homes(clustering, "other")


def test_two_that_work_together_can() -> None:
    bridge = [crafted(f"bridge-{n}", ["one", "other"], (5 + n) * HOURS + 1) for n in range(8)]
    clustering = cluster_in_memory([*ONE, *OTHER, *bridge])
    assert homes(clustering, "one") == homes(clustering, "other")


@pytest.mark.parametrize("instant", [-HOURS, 4 * HOURS + 1, 400 * HOURS])
@pytest.mark.parametrize("issues", [1, 2, 6])
def test_one_crafted_mail_joins_no_newsletter_to_a_campaign(instant: int, issues: int) -> None:
    bridge = crafted("bridge", ["one", "newsletter"], instant)
    clustering = cluster_in_memory([*ONE, *NEWSLETTER[:issues], bridge])
    assert len(homes(clustering, "one")) == 1
    assert not homes(clustering, "one") & homes(clustering, "newsletter")


def enclosed(number: int, kinds: list[str], report: str = "report.eml") -> MessageFeatures:
    """A mail that a report encloses."""
    name = f"invented-{number}"
    return crafted(name, kinds, number * HOURS + 2, f"{report}!/part-{number + 2}")


def test_what_one_report_encloses_makes_no_campaign() -> None:
    invented = [enclosed(n, ["invented"]) for n in range(200)]
    clustering = cluster_in_memory([*ONE, *invented])
    assert [one.size for one in clustering.clusters("campaign")] == [20]
    assert 200 in [one.size for one in clustering.clusters("operation")]


def test_what_one_report_encloses_merges_no_campaigns() -> None:
    bridges = [enclosed(n, ["one", "other"]) for n in range(20)]
    clustering = cluster_in_memory([*ONE, *OTHER, *bridges])
    assert not homes(clustering, "one") & homes(clustering, "other")


def test_two_reports_of_one_campaign_make_one() -> None:
    mails = [enclosed(n, ["invented"], f"report-{n % 2}.eml") for n in range(10)]
    assert [one.size for one in cluster_in_memory(mails).clusters("campaign")] == [10]


def test_a_heap_that_is_one_report_is_gathered_as_any() -> None:
    mails = [enclosed(n, ["invented"]) for n in range(10)]
    assert [one.size for one in cluster_in_memory(mails).clusters("campaign")] == [10]


@pytest.mark.parametrize(
    ("uri", "report"),
    [
        ("a/report.eml!/part-2", "a/report.eml@0"),
        ("box.mbox!/@4711/part-1.2", "box.mbox@4711"),
        ("a.msg!/attachment-3!/part-1", "a.msg@0"),
        ("case.zip!/mail.eml", None),
        ("case.zip!/mail.eml!/part-2", "case.zip!/mail.eml@0"),
        ("mail.eml", None),
    ],
)
def test_the_report_of_a_uri(uri: str, report: str | None) -> None:
    assert report_of(uri) == report


def test_ids_stay_those_of_the_first_messages_after_a_cut() -> None:
    bridge = crafted("bridge", ["one", "other"], 12 * HOURS + 1)
    plain = cluster_in_memory([*ONE, *OTHER])
    cut = cluster_in_memory([*ONE, *OTHER, bridge])
    assert homes(plain, "one") | homes(plain, "other") == homes(cut, "one") | homes(cut, "other")
    kept = {one.id for one in cut.clusters()}
    assert all(alias.old not in kept and alias.new in kept for alias in cut.aliases())
    assert len({part for pair in permutations(kept, 2) for part in pair}) == len(kept)


def test_decoys_of_the_relay_are_not_of_the_wave_of_2014() -> None:
    heap = wave_of_2014()
    mails = [
        features_of(facts_of(data, OwnServers(), uri=f"{kind}/{n}"))
        for kind, many in (("wave", heap.members), ("decoy", heap.decoys))
        for n, data in enumerate(many)
    ]
    clustering = cluster_in_memory(mails)
    where: dict[str, set[str]] = {"wave": set(), "decoy": set()}
    for number, (uri, _, _) in enumerate(clustering.store.places):
        where[uri.partition("/")[0]].add(clustering.home(number, "campaign"))
    assert len(where["wave"]) == 1
    assert not where["wave"] & where["decoy"]
