"""The seven published excerpts of the example: what ties them, on which level, and what
is only claimed."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from benchmarks.campaigns.in_memory import cluster_in_memory
from firsthop.campaign.clustering.clustering import Clustering
from firsthop.campaign.features import MessageFeatures, features_of
from firsthop.case_file import CaseFile, read_case_file
from firsthop.evidence.facts import establish
from firsthop.mail.read import read_mail
from firsthop.mail.sources.pasted import read_pasted
from firsthop.publication.json.explanations import why_object
from firsthop.settings import OwnServers
from tests.campaign.messages import campaign_objects, why_in

EXAMPLE = Path(__file__).parents[2] / "examples" / "libero-2014"


def excerpts(case_file: CaseFile) -> list[MessageFeatures]:
    """The example's excerpts."""
    raws = read_pasted((EXAMPLE / "headers.txt").read_bytes(), "headers.txt")
    return [features_of(establish(read_mail(raw), OwnServers()), case_file) for raw in raws]


@pytest.fixture(scope="module")
def mails() -> list[MessageFeatures]:
    table = tomllib.loads((EXAMPLE / "case.toml").read_text(encoding="utf-8"))
    return excerpts(read_case_file(table, "case.toml"))


@pytest.fixture(scope="module")
def clustering(mails: list[MessageFeatures]) -> Clustering:
    return cluster_in_memory(mails)


def test_one_campaign_of_1_2_and_4(clustering: Clustering) -> None:
    (campaign,) = clustering.clusters("campaign")
    assert sorted(n + 1 for n in campaign.members) == [1, 2, 4]


def test_all_seven_are_one_operation(clustering: Clustering) -> None:
    (operation,) = clustering.clusters("operation")
    assert operation.size == 7
    assert clustering.clusters("campaign")[0].parent == operation.id


def test_relay_and_helo_tie_the_campaign(
    clustering: Clustering, mails: list[MessageFeatures]
) -> None:
    found = why_object(why_in(clustering, mails[1], mails[3]))
    assert "campaign" in found["levels"]
    tied = {
        t["family"]: t["value"]
        for t in found["terms"]
        if t["view"] == "infrastructure" and t["bits"] > 2
    }
    assert tied == {"relay": "r3.kawaz.jp", "first_helo": "7cho-me.com"}


def test_the_rest_is_joined_by_claims_alone(
    clustering: Clustering, mails: list[MessageFeatures]
) -> None:
    found = why_object(why_in(clustering, mails[2], mails[6]))
    assert found["levels"] == ["operation"]
    claims = [t for t in found["terms"] if t["view"] == "asserted"]
    assert len(claims) == 3
    assert all("Yarix bulletin" in t["value"] for t in claims)
    assert [t for t in found["terms"] if t["view"] != "asserted" and t["bits"] > 4] == []


def test_without_the_claims_there_is_no_operation_of_seven() -> None:
    assert [c.size for c in cluster_in_memory(excerpts(CaseFile())).clusters("operation")] == [3]


def test_times_name_their_hop(clustering: Clustering) -> None:
    (campaign,) = [c for c in campaign_objects(clustering) if c["level"] == "campaign"]
    assert campaign["timeline"]["first"] == {
        "utc": "2014-05-17T12:59:37Z",
        "source": "first hop (hop 1): r3.kawaz.jp",
    }
    assert campaign["timeline"]["last"]["utc"] == "2014-05-30T02:40:53Z"
    assert [b["messages"] for b in campaign["timeline"]["bursts"]] == [1, 2]
    assert campaign["timeline"]["zones"] == [{"minutes": 540, "messages": 3}]
