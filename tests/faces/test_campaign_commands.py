"""campaigns, why, match, background: what a case says of who belongs together, and that
mail coming later keeps the ids."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import Result

Run = Callable[..., Result]
FIRST, SECOND = (
    "6b2daac63ab3e8955fa9b2ddd3a1b768@7cho-me.com",
    "2eb8469b285a8b6a9e0c185bfca62cd7@7cho-me.com",
)


@pytest.fixture
def case(run: Run, example: str, tmp_path: Path) -> Path:
    assert run("investigate", example, "-o", tmp_path / "case", "-q").exit_code == 0
    return tmp_path / "case"


def told(shown: Result) -> Any:
    assert (shown.exit_code, shown.stderr) == (0, "")
    return json.loads(shown.stdout)


def test_the_seed_is_one_campaign_of_three_in_an_operation_of_seven(run: Run, case: Path) -> None:
    by_level = {one["level"]: one for one in told(run("campaigns", case, "--json"))}
    campaign, operation = by_level["campaign"], by_level["operation"]
    assert (campaign["size"], operation["size"], campaign["parent"]) == (3, 7, operation["id"])
    assert {(m["offset"] == 0, m["message_id"]) for m in campaign["members"]} >= {(True, FIRST)}
    families = {atom["family"] for atom in campaign["signature"]["any"]["atoms"]}
    assert {"relay", "first_helo"} <= families
    assert run("campaigns", case, "--level", "campaign").stdout.startswith("  campaign “")


def test_operations_hold_campaigns_that_hold_waves(run: Run, case: Path) -> None:
    lines = run("campaigns", case).stdout.splitlines()
    heads = [
        line for line in lines if line.lstrip().startswith(("operation ", "campaign ", "wave "))
    ]
    assert [(len(line) - len(line.lstrip()), line.split()[0]) for line in heads] == [
        (0, "operation"),
        (2, "campaign"),
        (4, "wave"),
    ]
    assert "    first hops: 7 client addresses in 7 messages" in lines


def test_the_countries_of_the_first_hops_name_their_data(
    run: Run, example: str, tmp_path: Path
) -> None:
    pytest.importorskip("iptocc")
    assert (
        run("investigate", example, "-o", tmp_path / "case", "-q", "--places", "rir").exit_code == 0
    )
    campaign = told(run("campaigns", tmp_path / "case", "--json", "--level", "campaign"))[0]
    assert {one["country"] for one in campaign["origins"]["countries"]} == {"IL", "KR", "KZ"}
    (source,) = json.loads((tmp_path / "case" / "gathering.json").read_text())["places"]
    assert source["name"].startswith("iptocc ")
    assert source["name"] in (tmp_path / "case" / "bulletin.it.md").read_text()


def test_places_that_are_none_are_told_before_anything_is_read(
    run: Run, example: str, tmp_path: Path
) -> None:
    shown = run("investigate", example, "-o", tmp_path / "case", "--places", tmp_path / "none.mmdb")
    assert (shown.exit_code, len(shown.stderr.splitlines())) == (2, 1)
    assert not (tmp_path / "case").exists()


def test_the_graph_of_a_campaign(run: Run, case: Path) -> None:
    campaign = told(run("campaigns", case, "--json", "--level", "campaign"))[0]
    graph = told(run("campaigns", case, "--graph", campaign["id"], "--json"))
    kinds = [node["kind"] for node in graph["nodes"]]
    assert kinds.count("message") == 3
    assert ("relay", "r3.kawaz.jp") in {(node["kind"], node["label"]) for node in graph["nodes"]}
    assert (
        sum(
            edge["bits"] is not None and edge["kind"] in ("campaign", "wave")
            for edge in graph["edges"]
        )
        == 3
    )
    document = ElementTree.fromstring(run("campaigns", case, "--graph", campaign["id"]).stdout)
    space = {"g": "http://graphml.graphdrawing.org/xmlns"}
    assert len(document.findall(".//g:node", space)) == len(graph["nodes"])
    assert len(document.findall(".//g:edge", space)) == len(graph["edges"])
    assert {node.get("id") for node in document.findall(".//g:node", space)} >= {
        edge.get("source") for edge in document.findall(".//g:edge", space)
    }


def test_no_graph_of_a_stranger(run: Run, case: Path) -> None:
    shown = run("campaigns", case, "--graph", "ca-000000000000")
    assert (shown.exit_code, len(shown.stderr.splitlines())) == (2, 1)


def test_why_names_relay_and_helo_with_their_bytes(run: Run, case: Path) -> None:
    why = told(run("why", case, FIRST, SECOND, "--json"))
    assert why["linked"]
    assert "campaign" in why["together"]
    by_family = {term["family"]: term for term in why["terms"]}
    assert by_family["relay"]["value"] == "r3.kawaz.jp"
    assert all(place["start"] is not None for place in by_family["relay"]["fields"])
    assert all(
        term["view"] == "asserted"
        for term in why["terms"]
        if term["family"].startswith(("x_mailer", "asserted"))
    )


def test_why_of_strangers_is_one_clear_line(run: Run, case: Path) -> None:
    shown = run("why", case, FIRST, "nobody@example.org")
    assert (shown.exit_code, len(shown.stderr.splitlines())) == (2, 1)


def test_match_finds_the_campaign_s_mail_elsewhere(run: Run, case: Path, example: str) -> None:
    found = [json.loads(line) for line in run("match", case, example, "--json").stdout.splitlines()]
    assert len(found) == 3
    assert all(one["bits"] >= one["threshold"] for one in found)


def test_a_signature_can_be_a_file(run: Run, case: Path, example: str, tmp_path: Path) -> None:
    campaign = told(run("campaigns", case, "--json", "--level", "campaign"))[0]
    (tmp_path / "signature.json").write_text(json.dumps(campaign["signature"]["any"]))
    assert (
        len(run("match", tmp_path / "signature.json", example, "--json").stdout.splitlines()) == 3
    )
    (tmp_path / "signature.json").write_text("{}")
    shown = run("match", tmp_path / "signature.json", example)
    assert (shown.exit_code, len(shown.stderr.splitlines())) == (2, 1)


def test_a_background_counts(run: Run, example: str, message: bytes, tmp_path: Path) -> None:
    (tmp_path / "other.eml").write_bytes(message)
    added = told(run("background", "add", tmp_path / "bg", tmp_path / "other.eml", "--json"))
    assert (added["added"], added["messages"]) == (1, 1)
    assert (
        told(run("background", "add", tmp_path / "bg", tmp_path / "other.eml", "--json"))["added"]
        == 0
    )
    run("investigate", example, "-o", tmp_path / "case", "--background", tmp_path / "bg", "-q")
    about = json.loads((tmp_path / "case" / "gathering.json").read_text())
    assert about["background"][-1]["messages"] == 1


def test_mail_that_comes_later_keeps_the_ids(run: Run, example: str, tmp_path: Path) -> None:
    text = (Path(example) / "headers.txt").read_text()
    (tmp_path / "mail").mkdir()
    cut = text.index("Received: from weissy.com")
    (tmp_path / "mail" / "a.txt").write_text(text[:cut])
    run("investigate", tmp_path / "mail", "-o", tmp_path / "case", "-q")
    before = {
        one["id"]
        for one in told(run("campaigns", tmp_path / "case", "--json", "--level", "campaign"))
    }
    (tmp_path / "mail" / "b.txt").write_text(text[cut:])
    run("investigate", tmp_path / "mail", "-o", tmp_path / "case", "-q")
    after = {
        one["id"]
        for one in told(run("campaigns", tmp_path / "case", "--json", "--level", "campaign"))
    }
    assert before <= after
    assert run("verify", tmp_path / "case").exit_code == 0


def test_a_folder_that_is_no_case(run: Run, tmp_path: Path) -> None:
    for command in (
        ("campaigns", tmp_path),
        ("why", tmp_path, "a", "b"),
        ("match", tmp_path, tmp_path),
    ):
        shown = run(*command)
        assert (shown.exit_code, len(shown.stderr.splitlines())) == (2, 1), command


@pytest.mark.parametrize("text", ["{", "[1]", '[{"id": "x"}]', '{"a": 1}'])
def test_campaigns_that_cannot_be_read_are_one_clear_line(
    run: Run, tmp_path: Path, text: str
) -> None:
    (tmp_path / "campaigns.json").write_text(text)
    for command in (("campaigns", tmp_path), ("match", tmp_path, tmp_path)):
        shown = run(*command)
        assert (shown.exit_code, len(shown.stderr.splitlines())) == (2, 1), command
        assert "no case with campaigns" in shown.stderr
