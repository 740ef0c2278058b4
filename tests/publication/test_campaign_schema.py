"""What `campaigns --json` and `why --json` print is what their schemas say, and what
writes it by the description writes the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from benchmarks.campaigns.planted import Plan, write
from firsthop.campaign.signature.atoms import Atom
from firsthop.campaign.signature.signature import Rate, Signature
from firsthop.faces.cli import cli
from firsthop.investigation.investigate import investigate
from firsthop.publication.json.campaigns import read_signature, signature_object
from tests.publication.schemas import CAMPAIGNS, VALIDATORS, WHY, faults, in_order, objects, root

SIZE = 14


def printed(*arguments: str) -> Any:
    shown = CliRunner().invoke(cli, [*arguments, "--json"])
    assert shown.exit_code == 0, shown.output
    return json.loads(shown.stdout)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with a campaign, and data on places."""
    folder = tmp_path_factory.mktemp("mail")
    noise = [one for n in range(20) for one in write(Plan(f"noise-{n}", 1, kind=n % 2), 1)]
    for number, data in enumerate([*write(Plan("mine", SIZE), 1), *noise]):
        (folder / f"{number:02}.eml").write_bytes(data)
    out = tmp_path_factory.mktemp("out") / "case"
    investigate([folder], out, places=["rir"])
    return out


def test_the_clusters_of_a_case(case: Path) -> None:
    told = printed("campaigns", str(case))
    assert told == json.loads((case / "campaigns.json").read_text(encoding="utf-8"))
    assert {one["level"] for one in told} >= {"operation", "campaign"}
    assert any(one["signature"] for one in told)
    assert any(one["origins"]["countries"] for one in told)
    assert faults(told, CAMPAIGNS) == []


def test_why_two_messages_hang_together(case: Path) -> None:
    first, second, *_ = next(
        one["members"] for one in printed("campaigns", str(case)) if one["size"] >= SIZE
    )
    told = printed("why", str(case), first["uri"], second["uri"])
    assert told["terms"]
    assert faults(told, WHY) == []


def test_a_key_that_was_forgotten_is_found(case: Path) -> None:
    text = (case / "campaigns.json").read_text(encoding="utf-8")
    cluster = next(one for one in json.loads(text) if one["signature"])
    count = len(list(objects([cluster], root(CAMPAIGNS))))
    assert count > 20
    for number in range(count):
        told = json.loads(json.dumps([cluster]))
        one, known = list(objects(told, root(CAMPAIGNS)))[number]
        if known:
            assert list(one) == in_order(one, known)
            one["forgotten"] = 1
            assert not VALIDATORS[CAMPAIGNS].is_valid(told), one


@pytest.mark.parametrize("file", [CAMPAIGNS, WHY])
def test_the_schemas_are_schemas(file: str) -> None:
    Draft202012Validator.check_schema(root(file).schema)


def test_a_signature_is_read_back_equal() -> None:
    atom = Atom("helo", "x.example", (4, 5), (0, 90), 0.03, 24.0, 4.5)
    rate = Rate(0, 90, 0.03)
    pairs = (("helo", "x.example"),)
    signature = Signature(
        "ca-1", "any", (atom,), 4.5, pairs, (4, 5), (2, 3), (2, 3), rate, rate, True
    )
    assert read_signature(json.loads(json.dumps(signature_object(signature)))) == signature
