"""Signatures, their bounds and their finds; timelines; the JSON of campaigns and of
why."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from benchmarks.campaigns.in_memory import cluster_in_memory
from benchmarks.campaigns.planted import Plan, write
from firsthop.campaign.clustering.clustering import Cluster, Clustering
from firsthop.campaign.clustering.clusters import Alias
from firsthop.campaign.explain.campaign import describe
from firsthop.campaign.explain.timeline import infrastructure_table, timeline
from firsthop.campaign.features import MessageFeatures
from firsthop.campaign.first_hops.by_place import ByPlace
from firsthop.campaign.first_hops.summary import summarize
from firsthop.campaign.signature.match import match
from firsthop.campaign.signature.proportion import incomplete_beta, is_bound_by, upper_bound
from firsthop.campaign.signature.signature import Signature
from firsthop.campaign.signature.signatures import Signer
from firsthop.case_file import CaseFile
from firsthop.evidence.host.places import Gazetteer, Place, PlaceSource
from firsthop.judgement.examine import examine
from firsthop.publication.json.campaigns import (
    campaign_object,
    campaign_text,
    read_campaign,
    read_signature,
    signature_object,
)
from firsthop.publication.json.explanations import why_object
from firsthop.publication.json.message import item_text, json_text
from tests.campaign.messages import campaign_objects, facts_of, why_in, written

PLAN = Plan("mine", 60)
WRITTEN = [facts_of(data, uri=f"{PLAN.name}/{n}") for n, data in enumerate(write(PLAN, 1))]
NOISE = [one for n in range(60) for one in written(Plan(f"noise-{n}", 1, kind=n % 2))]


@pytest.fixture(scope="module")
def clustering() -> Clustering:
    return cluster_in_memory([*NOISE, *written(PLAN), *written(Plan("other", 10, kind=1))])


@pytest.fixture(scope="module")
def campaign(clustering: Clustering) -> Cluster:
    return clustering.clusters("campaign")[0]


@pytest.fixture(scope="module")
def signatures(clustering: Clustering, campaign: Cluster) -> dict[str, Signature]:
    return {s.form: s for s in Signer(clustering).signatures(campaign)}


@pytest.mark.parametrize(
    ("k", "n", "expected"),
    [
        (0, 100, 0.02951),
        (0, 3000, 0.000998),
        (1, 10, 0.3942),
        (5, 10, 0.7776),
        (10, 10, 1.0),
        (0, 0, 1.0),
    ],
)
def test_clopper_pearson(k: int, n: int, expected: float) -> None:
    assert upper_bound(k, n) == pytest.approx(expected, rel=2e-3)


def test_the_bound_is_that_of_plain_halving_to_the_last_bit() -> None:
    for n in (1, 2, 7, 60, 4_067, 1_000_003):
        for k in {*range(min(n, 8)), n // 3, n - 1}:
            low, high = k / n, 1.0
            for _ in range(60):
                middle = (low + high) / 2
                if 1 - incomplete_beta(middle, k + 1, n - k) > 1 - 0.95:
                    low = middle
                else:
                    high = middle
            assert upper_bound(k, n) == high


def test_the_incomplete_beta_function() -> None:
    assert incomplete_beta(0.5, 2, 3) == pytest.approx(0.6875)
    assert incomplete_beta(0.2, 1, 1) == pytest.approx(0.2)


def test_learned_on_the_earlier_part_and_tested_on_the_later(
    signatures: dict[str, Signature],
) -> None:
    for signature in signatures.values():
        assert signature.learned == (36, 36)
        assert signature.tested == (24, 24)
        assert signature.false_positives.k == 0
        assert not signature.enough  # 35 other mails support no bound of 1e-3, and it is said


def test_the_structural_form_names_no_host(signatures: dict[str, Signature]) -> None:
    families = {atom.family for atom in signatures["structural"].atoms}
    assert families.isdisjoint(
        {"relay", "helo", "first_helo", "url_host", "url_domain", "author_domain", "id_domain"}
    )
    assert "relay" in {atom.family for atom in signatures["any"].atoms}


def test_the_structural_form_finds_the_campaign_after_it_moved(
    signatures: dict[str, Signature],
) -> None:
    moved = written(PLAN._replace(rotated=frozenset({"relay", "helo", "url"})))
    assert len(list(match(signatures["structural"], moved))) == PLAN.size
    assert list(match(signatures["structural"], NOISE)) == []


def test_a_match_says_by_what(signatures: dict[str, Signature]) -> None:
    found = next(match(signatures["any"], written(PLAN)))
    assert found.bits >= found.threshold
    assert found.by


def test_the_conjunction_is_short(signatures: dict[str, Signature]) -> None:
    for signature in signatures.values():
        assert 1 <= len(signature.conjunction) <= 3
        assert signature.conjunction_tested == (24, 24)


def test_a_signature_goes_through_json_and_back(signatures: dict[str, Signature]) -> None:
    for signature in signatures.values():
        assert read_signature(json.loads(json.dumps(signature_object(signature)))) == signature


def test_campaigns_go_through_json_and_back(clustering: Clustering) -> None:
    summaries = [summarize(examine(facts, CaseFile())) for facts in WRITTEN]
    gazetteer = Gazetteer([PlaceSource("test", None, lambda _: Place("JP", asn=64500))])
    described = [one for _, one in describe(clustering, ByPlace(summaries), gazetteer)]
    assert {len(one.timeline.bursts) for one in described} >= {2}
    assert any(one.campaign.origins.shown for one in described)
    texts = [json_text(campaign_object(one)) for one in described]
    assert [read_campaign(json.loads(text)) for text in texts] == described
    assert [json_text(campaign_object(read_campaign(json.loads(text)))) for text in texts] == texts
    assert list(map(campaign_text, described)) == [item_text(campaign_object(o)) for o in described]
    lone = described[0]._replace(aliases=(Alias("\udcff", "\ud83d", "lone surrogates"),))
    assert campaign_text(lone) == item_text(campaign_object(lone))


@pytest.mark.parametrize("year", [1, 99, 1969, 1970, 2000, 2024, 9999])
def test_the_times_of_any_year_come_back(clustering: Clustering, year: int) -> None:
    moment = int(datetime(year, 2, 28, 23, 59, 59, tzinfo=UTC).timestamp())
    _, one = next(describe(clustering, ByPlace(())))
    one = one._replace(campaign=replace(one.campaign, first_seen=moment, last_seen=None))
    assert read_campaign(json.loads(json_text(campaign_object(one)))) == one


def test_the_timeline_has_bursts_and_the_gap_between_them(
    clustering: Clustering, campaign: Cluster
) -> None:
    line = timeline(clustering.store, campaign.members)
    assert [b.messages for b in line.bursts] == [30, 30]
    ((start, stop),) = line.gaps
    assert 12 * 86_400 < stop - start < 14 * 86_400
    assert line.first_seen is not None
    assert line.first_seen.source == "hand-over (hop 2): mx1.reader.example"


def test_the_infrastructure_table_names_relay_and_helo(
    clustering: Clustering, campaign: Cluster
) -> None:
    rows = {row.family: row for row in infrastructure_table(clustering.store, campaign.members)}
    assert rows["relay"].messages == rows["first_helo"].messages == PLAN.size


def test_campaigns_as_json(clustering: Clustering) -> None:
    told = json.loads(json.dumps(campaign_objects(clustering)))
    assert [c["level"] for c in told] == sorted(
        (c["level"] for c in told), key=["operation", "campaign", "wave"].index
    )
    one = next(c for c in told if c["level"] == "campaign")
    assert {
        "id",
        "level",
        "parent",
        "first_seen",
        "last_seen",
        "size",
        "members",
        "signature",
        "aliases",
    } <= one.keys()
    assert one["members"][0].keys() == {"uri", "offset", "message_id"}
    assert one["first_seen"].endswith("Z")


def test_a_signature_that_was_not_sought_is_told_from_one_that_was_not_found(
    clustering: Clustering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("firsthop.campaign.explain.campaign.SIGNED", 1)
    first, *others = [c for c in campaign_objects(clustering) if c["level"] == "campaign"]
    assert first["signature_sought"]
    assert first["signature"]
    assert others
    assert not any(c["signature_sought"] or c["signature"] for c in others)


@pytest.fixture
def pair(clustering: Clustering, campaign: Cluster) -> tuple[MessageFeatures, MessageFeatures]:
    by_id = {one.id: one for one in written(PLAN)}
    a, b = (by_id[clustering.store.ids[n]] for n in campaign.members[:2])
    return a, b


def test_why_as_json_adds_up(
    clustering: Clustering, pair: tuple[MessageFeatures, MessageFeatures]
) -> None:
    told = why_object(why_in(clustering, *pair))
    assert told["linked"]
    assert told["bits"] == pytest.approx(sum(t["bits"] for t in told["terms"]), abs=0.1)


def test_why_names_fields_and_bytes(
    clustering: Clustering, pair: tuple[MessageFeatures, MessageFeatures]
) -> None:
    mails = list(write(PLAN, 1))
    told = why_object(why_in(clustering, *pair))
    relay = next(t for t in told["terms"] if t["family"] == "relay")
    assert [f["field"] for f in relay["fields"]] == ["Received", "Received"]
    places = [slice(f["start"], f["stop"]) for f in relay["fields"]]
    numbers = [int(one.uri.rpartition("/")[2]) for one in pair]
    assert [
        relay["value"].encode() in mails[n][place] for n, place in zip(numbers, places, strict=True)
    ] == [True, True]


def test_a_share_bounds_what_the_worked_out_bound_says() -> None:
    for n in (1, 50, 2_995, 2_996, 10_456):
        for k in range(min(n, 20) + 1):
            assert is_bound_by(1e-3, k, n) == (upper_bound(k, n) <= 1e-3)
