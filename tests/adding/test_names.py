"""Names that last: of campaigns, and of messages that were read at several places."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.adding.cases import added, campaigns, shown


def test_later_mail_leaves_a_campaign_its_id(waves: Path) -> None:
    (before,) = campaigns(added(waves / "case", "early+noise"))
    (after,) = campaigns(added(waves / "case", "late"))
    assert (before["size"], after["size"], after["id"]) == (6, 12, before["id"])


@pytest.mark.slow
def test_a_former_id_leads_to_its_campaign(waves: Path) -> None:
    (before,) = campaigns(added(waves / "case", "late+noise"))
    (after,) = campaigns(added(waves / "case", "early"))
    assert after["id"] == campaigns(added(waves / "at once", "early+late+noise"))[0]["id"]
    assert after["id"] != before["id"]
    for name in (before["id"], after["id"]):
        graph = json.loads(shown("campaigns", "case", "--graph", name, "--json").stdout)
        assert sum(node["kind"] == "message" for node in graph["nodes"]) == 12
        matched = shown("match", "case", "--campaign", name, "early", "late", "noise", "--json")
        assert len(matched.stdout.splitlines()) == 12
    assert shown("match", "case", "--campaign", "ca-000000000000", "early").exit_code == 2
    assert shown("campaigns", "case", "--graph", "ca-000000000000").exit_code == 2


@pytest.mark.parametrize("steps", [("a+b",), ("b", "a")])
def test_a_message_of_two_places_has_both_names(steps: tuple[str, ...], mail: Path) -> None:
    case = added(mail / "case", *steps)
    told = [
        shown("why", case, one, "a/03.eml", "--json")
        for one in ("a/00.eml", "b/copy.eml", "b/copy.eml@0", "a/00.eml@0")
    ]
    assert {(one.exit_code, one.stdout) for one in told} == {(0, told[0].stdout)}
    assert shown("why", case, "b/01.eml", "a/again.eml").exit_code == 0
    assert shown("why", case, "b/nowhere.eml", "a/00.eml").exit_code != 0
    repeats = [repeat for one in campaigns(case) for repeat in one["repeats"]]
    assert {"uri": "b/copy.eml", "offset": 0, "of_uri": "a/00.eml", "of_offset": 0} in repeats
    assert {"uri": "b/01.eml", "offset": 0, "of_uri": "a/again.eml", "of_offset": 0} in repeats


def test_match_finds_a_message_at_each_of_its_places(mail: Path) -> None:
    case = added(mail / "case", "a", "b")
    one = next(
        one for one in campaigns(case) if any(m["uri"] == "a/00.eml" for m in one["members"])
    )
    found = shown("match", case, "--campaign", one["id"], "a", "b", "--json").stdout.splitlines()
    assert {"a/00.eml", "b/copy.eml"} <= {json.loads(line)["uri"] for line in found}
